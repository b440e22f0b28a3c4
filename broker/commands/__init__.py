"""The sub-commands of the broker."""
