"""From what happened to figures, and from figures to JSON and CSV; pure, apart from asking the history for its rows."""
