"""The rules of the hall: pure, with time, ids and randomness handed in."""
