"""Slips: what stands on one (pure), how it is drawn, how it reaches a printer, and what became of it."""
