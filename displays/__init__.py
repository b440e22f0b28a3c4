"""The counter sign, the lobby board with its voice, and the officer's keypad."""
