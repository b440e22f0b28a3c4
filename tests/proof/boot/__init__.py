"""Every unit on a real boot: a Debian root in a container, switched on, rebooted, frozen and looked at."""
