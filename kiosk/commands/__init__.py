"""The sub-commands of the kiosk machine: kiosk, rater and printer."""
