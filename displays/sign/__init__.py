"""The sign of a counter."""
