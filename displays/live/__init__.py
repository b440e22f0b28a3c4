"""Sign, board and keypad at work: the pure flows fed by the link, their last state on disk, the voice."""
