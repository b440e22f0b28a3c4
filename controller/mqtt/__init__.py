"""The door for devices: requests, presses, presence, device commands and what is published."""
