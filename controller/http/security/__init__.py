"""Who calls, what they may do, and what a call may cost."""
