"""The demonstration: a whole centre on one machine, and a day of citizens whose books must balance."""
