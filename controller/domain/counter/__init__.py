"""The actions of a counter; pure."""
