"""The voice of the lobby: what is said (pure), the chime before it, and the one queue in front of the speaker."""
