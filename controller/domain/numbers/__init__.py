"""Ticket numbers by series and day, and their high-water mark; pure."""
