"""Devices: presence, inventory, credentials."""
