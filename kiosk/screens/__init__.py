"""The screens of the kiosk and of the rating pad in Kivy; import its modules only after `open_window()`."""
