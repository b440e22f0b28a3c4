"""Shows a screen that is higher than its place page by page: nothing is cut, nothing has to be dragged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from devices.screen.widgets import Panel, TouchPanel
from kiosk.flow.actions import Stay, TurnList
from kiosk.screens.parts import TileGrid, Together
from kiosk.views.paging import Span, aired, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("pager.kv")), encoding="utf-8")

AIR = 2.0
"""Pixels around what stands on a page, for outlines."""


class Opening(StencilView):  # type: ignore[misc]  # Kivy ships no types
    """What of a screen can be seen; what cannot be seen cannot be touched."""

    def on_touch_down(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Take a touch only where something is seen."""
        return bool(self.collide_point(*touch.pos) and super().on_touch_down(touch))


class PageBar(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The two ways to turn a page, and which page it is."""

    pager = ObjectProperty(rebind=True)
    side = NumericProperty(0)


class Pager(Widget):  # type: ignore[misc]  # Kivy ships no types
    """A place for one screen. `page` counts from 0, `count` is how many pages there are; `act` hears of each turn.

    A body may be a stretch of something longer: with `before` and `after` the turns go on beyond it.

    `edged` keeps what turns the pages away from the edges of the window.

    Cutting changes the layout and the layout changes the cut: it is done once a frame until nothing moves, `settled`.
    """

    earlier = StringProperty("")
    more = StringProperty("")
    which = StringProperty("")
    act = ObjectProperty()
    page = NumericProperty(0)
    count = NumericProperty(1)
    turns = BooleanProperty(False)
    before = BooleanProperty(False)
    after = BooleanProperty(False)
    stretch = StringProperty("")
    edged = BooleanProperty(True)

    def __init__(self, **properties: object) -> None:
        self.arrange = Clock.create_trigger(self._arrange, 0)
        self._screen: BodyScreen | None = None
        self._pages: tuple[Span, ...] = ((0.0, 0.0),)
        self._opening = Opening()
        self._stood: object = None
        self.settled = False
        super().__init__(**properties)
        self._bar = PageBar(pager=self)
        self.add_widget(self._opening)
        self.add_widget(self._bar)
        self.bind(pos=self.arrange, size=self.arrange, page=self.arrange)

    def put(self, screen: BodyScreen) -> None:
        """Show another screen from its first page."""
        self._opening.clear_widgets()
        self._screen = screen
        self.page = 0
        self.settled = False
        screen.size_hint = (None, None)
        screen.width, screen.height, screen.room = self.width, self.height, self.height
        screen.bind(minimum_height=self.arrange)
        self._opening.add_widget(screen)
        self._arrange()
        self.arrange()

    def turn(self, by: int) -> None:
        """Go a page on or back, beyond the last into the next stretch."""
        beyond = self.page + by
        if (beyond < 0 and self.before) or (beyond >= self.count and self.after):
            self.act(TurnList(1 if by > 0 else -1))
            return
        self.page = min(max(0, beyond), self.count - 1)
        self.act(Stay())

    def show(self, widget: Widget) -> None:
        """Turn to the page where a widget of the screen stands."""
        if self._screen is None or not self.turns:
            return
        top = self._screen.top - widget.top
        self.page = next((at for at, (_, end) in enumerate(self._pages) if top < end), self.count - 1)

    def _arrange(self, *_: object) -> None:
        screen = self._screen
        if screen is None:
            return
        screen.room = self.height
        need = screen.minimum_height
        screen.width, screen.height = self.width, max(self.height, need)
        self._pages = self._cut(screen, self.height) if need > self.height + 1 else ((0.0, float(self.height)),)
        self.turns = bool(len(self._pages) > 1 or self.before or self.after)
        self._bar.width, self._bar.pos = self.width, self.pos
        room = self.height - self._bar.height if self.turns else self.height
        if self.turns:
            self._pages = self._cut(screen, room)
        self.count = len(self._pages)
        self.page = min(self.page, self.count - 1)
        self._open(screen, room)
        stands = (self._pages, self.page, tuple(self._opening.pos), tuple(self._opening.size), tuple(screen.size))
        self.settled = stands == self._stood
        self._stood = stands
        if not self.settled:
            self.arrange()

    def _open(self, screen: BodyScreen, room: float) -> None:
        start, end = self._pages[self.page]
        self._opening.size = self.width, min(room, end - start)
        self._opening.pos = self.x, self.top - self._opening.height
        screen.x, screen.top = self.x, self.top + start

    def _cut(self, screen: BodyScreen, room: float) -> tuple[Span, ...]:
        found = [(screen.top - part.top - AIR, screen.top - part.y + AIR + leads(part)) for part in parts(screen, room)]
        return aired(pages(found, room), room) or ((0.0, room),)


def leads(part: Widget) -> float:
    """Give how far a title that leads what follows it reaches into that, so that no cut parts the two; else 0."""
    return float(part.parent.spacing + 3 * AIR) if getattr(part, "leads", False) and part.text else 0.0


def parts(widget: Widget, room: float) -> Iterator[Widget]:
    """Walk what stands as a whole: targets, texts, panels and rows that fit; what is higher is taken apart."""
    for child in widget.children:
        if child.height < 1 or child.opacity == 0 or type(child) is Widget:
            continue
        column = isinstance(child, TileGrid) or (
            isinstance(child, BoxLayout) and not isinstance(child, Panel | Together) and child.orientation == "vertical"
        )
        if not child.children or isinstance(child, TouchPanel) or (child.height <= room and not column):
            yield child
        else:
            yield from parts(child, room)
