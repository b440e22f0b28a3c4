"""The sub-commands of the kiosk's machine: `luot kiosk`, `luot rater`, `luot printer`."""
