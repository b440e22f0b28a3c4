"""Wait estimates as ranges, and what they learn; pure."""
