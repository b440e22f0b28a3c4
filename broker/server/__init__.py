"""The broker itself: Mosquitto's process, its files, users and access rights."""
