"""The root of the window: dresses everything anew when somebody wants the screen otherwise. After `open_window()`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kivy.core.window import Window
from kivy.lang.parser import global_idmap
from kivy.uix.floatlayout import FloatLayout

from broker.runtime.theme import load_theme
from kiosk.flow.modes import Mode
from kiosk.screens.root import KioskRoot

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from kiosk.flow.actions import Action
    from kiosk.views.view_model import ViewModel


def dress(modes: AbstractSet[Mode]) -> None:
    """Have every widget that is made from here on wear the sizes and colours of the modes."""
    theme = load_theme()
    worn = theme.contrasting if Mode.CONTRAST in modes else theme
    grown = theme.large_text if Mode.LARGE in modes else 1.0
    global_idmap["scale"] = replace(global_idmap["scale"], grown=grown)
    global_idmap["theme"] = worn
    Window.clearcolor = worn.rgba("ground")


class ThemedRoot(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Holds the kiosk's one root; a change of modes that alters the look makes another."""

    def __init__(self, face: ViewModel, act: Callable[[Action], None]) -> None:
        super().__init__()
        self._act = act
        self._worn = face.modes - {Mode.SPOKEN}
        self.standing = self._made(face)

    def show(self, face: ViewModel) -> None:
        """Show a face."""
        if face.modes - {Mode.SPOKEN} == self._worn:
            self.standing.show(face)
            return
        self._worn = face.modes - {Mode.SPOKEN}
        self.remove_widget(self.standing)
        self.standing = self._made(face)

    def _made(self, face: ViewModel) -> KioskRoot:
        dress(self._worn)
        root = KioskRoot(face, self._act)
        # Beneath what operating by keys has put over it.
        self.add_widget(root, index=len(self.children))
        return root
