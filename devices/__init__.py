"""What kiosk and displays are built on: a device on the wire, its window, its voice."""
