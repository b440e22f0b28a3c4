"""The voice of the lobby: what is said (pure), the engines that say it, and the one queue in front of the speaker."""
