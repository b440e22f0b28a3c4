"""The board of the lobby, with its voice."""
