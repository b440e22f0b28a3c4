"""The commands of the controller machine; each module adds its own to the command line."""
