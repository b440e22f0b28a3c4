"""Backup, restore, and the way back from days of a wrong clock."""
