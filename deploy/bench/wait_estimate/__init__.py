"""Seeded days in the real hall, on which wait estimates are measured against simpler ones."""
