"""The officer's buttons at a counter: keys to presses, the counter's state to a small display, and the ways in."""
