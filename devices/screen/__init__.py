"""The shared door to Kivy: window, fonts, theme and widgets of the kiosk, the rating pad, the sign and the board.

Importing this package imports no Kivy. `open_window()` must have returned before any module that does (`widgets`,
`run`, `capture`, a screen) is imported: Kivy reads its environment and its configuration once, at its first import.
"""

from devices.screen.window import ScreenUnavailableError, WindowSetup, open_window

__all__ = ["ScreenUnavailableError", "WindowSetup", "open_window"]
