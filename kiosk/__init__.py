"""The kiosk: the touch screen, the rating pad and the slip printer."""
