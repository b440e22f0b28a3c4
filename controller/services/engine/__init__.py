"""The single writer: commands are decided in order and committed together."""
