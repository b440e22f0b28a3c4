"""`luot sign`, `luot board` and `luot keypad`."""
