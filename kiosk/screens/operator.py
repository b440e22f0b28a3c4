"""Operating the screen by keys: a thick ring around one target, numbers on the first nine. After `open_window()`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.lang import Builder
from kivy.properties import ListProperty, StringProperty
from kivy.uix.widget import Widget

from devices.screen.widgets import Panel, TouchPanel, Words, every, seen, shown
from kiosk.flow.actions import Stay
from kiosk.input.focus import Place, neighbour, reading_order
from kiosk.input.key_operation import Choose, Do, Go, Nth, Pass, operation
from kiosk.screens.pager import PageBar
from kiosk.views.staff import PinBody

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.flow.actions import Action
    from kiosk.flow.keys import Key
    from kiosk.input.key_operation import Operation
    from kiosk.screens.themed_root import ThemedRoot

Builder.load_file(str(Path(__file__).with_name("operator.kv")), encoding="utf-8")

NUMBERED = 9


class Ring(Widget):  # type: ignore[misc]  # Kivy ships no types
    """The ring around the target with the focus: dark outside, light inside, so that it stands out on any ground."""

    around = ListProperty([0, 0, 0, 0])


class Badge(Panel):
    """The number of a target."""

    text = StringProperty("")


class Operator:
    """Takes keys for the stage. It shows nothing until the first key, and nothing more after a touch."""

    def __init__(self, stage: ThemedRoot, act: Callable[[Action], None]) -> None:
        self._stage, self._act = stage, act
        self.focus: Widget | None = None
        self._drawn: list[Widget] = []
        self._on = False
        self.on_focus: Callable[[str], None] = lambda _: None
        self._draw_soon = Clock.create_trigger(self._draw, 0.05)
        Window.bind(on_touch_down=lambda *_: self.rest())

    @property
    def focused(self) -> str:
        """The words of the target with the focus, empty for none."""
        return label(self.focus) if self.focus is not None else ""

    def targets(self) -> list[Widget]:
        """Give what can be chosen, on all pages, in reading order; what lies over the screen hides the rest."""
        root = self._stage.standing
        top = next((child for child in root.children if getattr(child, "covers", False)), root)
        found = [widget for widget in every(top) if isinstance(widget, TouchPanel) and widget.enabled and shown(widget)]
        turning = set(every_in(PageBar, top))
        inside = set(every(root.pager))
        body = [widget for widget in found if widget in inside and widget not in turning]
        return [*ordered(body), *ordered([widget for widget in found if widget not in inside])]

    def key(self, key: Key) -> bool:
        """Take a key; False when it is not for operating the screen, as Enter after a PIN until the focus moved."""
        meant = operation(key, self._stage.standing.face)
        own_enter = isinstance(self._stage.standing.face.body, PinBody) and self.focus is None
        if meant is None or (own_enter and isinstance(meant, Choose)):
            return False
        self._on = True
        self._carry_out(meant)
        self._draw_soon()
        return True

    def changed(self) -> None:
        """Hear that another face stands."""
        if self._on:
            self._draw_soon()

    def rest(self) -> None:
        """Show nothing: a finger is on the screen."""
        self._on, self.focus = False, None
        self._clear()

    def _carry_out(self, meant: Operation) -> None:
        found = self.targets()
        match meant:
            case Do(action):
                self._act(action)
            case Nth(number):
                if number <= len(found):
                    self._choose(found[number - 1])
            case Choose() if self.focus in found:
                self._choose(self.focus)
            case Go() | Pass() | Choose():
                self._move(found, meant.step if isinstance(meant, Go) else None)

    def _choose(self, widget: Widget) -> None:
        widget.dispatch("on_release")

    def _move(self, found: list[Widget], step: tuple[int, int] | None) -> None:
        if not found:
            return
        self._act(Stay())
        if self.focus not in found:
            self.focus = found[0]
        else:
            at = found.index(self.focus)
            aim = neighbour([place(widget) for widget in found], at, step) if step else None
            back = step is not None and sum(step) < 0
            self.focus = found[aim if aim is not None else (at - 1 if back else at + 1) % len(found)]
        self._stage.standing.pager.show(self.focus)
        self.on_focus(label(self.focus))

    def _clear(self) -> None:
        for widget in self._drawn:
            self._stage.remove_widget(widget)
        self._drawn = []

    def _draw(self, *_: object) -> None:
        self._clear()
        if not self._on:
            return
        found = self.targets()
        for number, widget in enumerate(found[:NUMBERED], 1):
            if seen(widget) and not hasattr(self._stage.standing.face.body, "typed"):
                self._add(Badge(text=str(number)), widget)
        focus = self.focus
        if focus is not None and focus in found and seen(focus):
            self._add(Ring(around=[focus.x, focus.y, focus.width, focus.height]), focus)

    def _add(self, widget: Widget, to: Widget) -> None:
        if isinstance(widget, Badge):
            widget.x, widget.top = max(0, to.x - widget.width / 4), min(Window.height, to.top + widget.height / 4)
        self._drawn.append(widget)
        self._stage.add_widget(widget)


def every_in(kind: type, root: Widget) -> Iterator[Widget]:
    """Walk everything in the widgets of a kind."""
    for widget in every(root):
        if isinstance(widget, kind):
            yield from every(widget)


def ordered(widgets: list[Widget]) -> list[Widget]:
    """Give widgets in reading order."""
    return [widgets[at] for at in reading_order([place(widget) for widget in widgets])]


def place(widget: Any) -> Place:  # noqa: ANN401 - Kivy ships no types
    """Give where a widget stands."""
    return Place(widget.x, -widget.top, widget.width, widget.height)


def parts_of(widget: Widget) -> tuple[str, ...]:
    """Give the texts on a target in reading order."""
    return tuple(reversed([inner.text for inner in every(widget) if isinstance(inner, Words) and inner.text]))


def label(widget: Widget) -> str:
    """Give the words on a target."""
    return ", ".join(parts_of(widget))
