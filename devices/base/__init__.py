"""A device without a window: connection, configuration, commands done once, crash-loop back-off."""
