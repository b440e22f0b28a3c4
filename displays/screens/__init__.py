"""Sign and board in Kivy: each draws one look. Import its modules only after `broker.screen.open_window()`."""
