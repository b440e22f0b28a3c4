"""The lobby board, drawn. Import only after `open_window()`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from devices.screen.widgets import Panel
from displays.base import widgets  # noqa: F401 - its rules are used in board.kv

if TYPE_CHECKING:
    from kivy.uix.gridlayout import GridLayout

    from displays.base.view_parts import TextPair
    from displays.board.view import BoardView, Card, Queue

Builder.load_file(str(Path(__file__).with_name("screen.kv")), encoding="utf-8")


class StageCard(Panel):
    """A call of the last seconds, in large figures."""

    number = StringProperty("")
    label = StringProperty("")
    label_second = StringProperty("")
    light = BooleanProperty(False)
    alone = BooleanProperty(False)

    def show(self, card: Card, *, alone: bool) -> None:
        """Draw a call; `alone`: it has the whole width."""
        self.number, self.light, self.alone = card.number, card.light, alone
        self.label, self.label_second = card.label.first, card.label.second


class EarlierCard(Panel):
    """A call of before."""

    number = StringProperty("")
    label = StringProperty("")
    past = BooleanProperty(False)

    def show(self, card: Card, *, past: bool) -> None:
        """Draw a call; `past`: nobody knows whether it still holds."""
        self.number, self.label, self.past = card.number, card.label.first, past


class QueueRow(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """One queue in the table."""

    name = StringProperty("")
    last = StringProperty("")
    waiting = StringProperty("")
    wait = StringProperty("")
    opened = BooleanProperty(True)
    odd = BooleanProperty(False)

    def show(self, queue: Queue | None) -> None:
        """Draw a queue, or an empty row."""
        if queue is None:
            self.name = self.last = self.waiting = self.wait = ""
            return
        self.name, self.last, self.waiting, self.wait = queue.name.first, queue.last, queue.waiting, queue.wait
        self.opened = queue.open


class BoardScreen(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """The board: who is called where, and what each queue looks like."""

    centre = StringProperty("")
    centre_second = StringProperty("")
    time = StringProperty("")
    date = StringProperty("")
    page = StringProperty("")
    notice = StringProperty("")
    lost = StringProperty("")
    lost_second = StringProperty("")
    lost_hint = StringProperty("")
    identify = StringProperty("")
    nothing = BooleanProperty(False)
    nothing_told = StringProperty("")
    head_queue = StringProperty("")
    head_last = StringProperty("")
    head_waiting = StringProperty("")
    head_wait = StringProperty("")
    stage_rows = NumericProperty(1)
    earlier_rows = NumericProperty(0)

    def show(self, look: BoardView) -> None:
        """Draw a look; properties that are as before draw nothing."""
        self.centre, self.centre_second = look.centre.first, look.centre.second
        self.time, self.date, self.page = look.time, look.date, look.page
        self.notice = " · ".join(part for part in (look.notice.first, look.notice.second) if part)
        self.lost, self.lost_second, self.lost_hint = look.lost.first, look.lost.second, look.lost_hint.first
        self.identify = look.identify
        self.nothing = not look.stage and not look.earlier
        self.nothing_told = look.heads.nothing.first
        self.head_queue, self.head_last = _both(look.heads.queue), _both(look.heads.last)
        self.head_waiting, self.head_wait = _both(look.heads.waiting), _both(look.heads.wait)
        self._show_stage(look)
        self._show_earlier(look)
        self._show_queues(look)

    def _show_stage(self, look: BoardView) -> None:
        grid, alone = self.ids.stage, len(look.stage) == 1
        self.stage_rows = -(-len(look.stage) // 2)
        grid.cols = 1 if alone else 2
        _fill(grid, len(look.stage), StageCard)
        for widget, card in zip(_in_order(grid), look.stage, strict=True):
            widget.show(card, alone=alone)

    def _show_earlier(self, look: BoardView) -> None:
        self.earlier_rows = -(-len(look.earlier) // 2)
        _fill(self.ids.earlier, len(look.earlier), EarlierCard)
        for widget, card in zip(_in_order(self.ids.earlier), look.earlier, strict=True):
            widget.show(card, past=bool(look.lost.first))

    def _show_queues(self, look: BoardView) -> None:
        _fill(self.ids.queues, look.rows, QueueRow)
        rows = [*look.queues, *[None] * (look.rows - len(look.queues))]
        for order, (widget, queue) in enumerate(zip(_in_order(self.ids.queues), rows, strict=True)):
            widget.odd = order % 2 == 1
            widget.show(queue)


def _both(pair: TextPair) -> str:
    return f"{pair.first}\n{pair.second}" if pair.second else pair.first


def _fill(grid: GridLayout, count: int, kind: type[Panel]) -> None:
    """Have exactly `count` widgets of a kind, keeping those that are there."""
    while len(grid.children) > count:
        grid.remove_widget(grid.children[0])
    while len(grid.children) < count:
        grid.add_widget(kind())


def _in_order(grid: GridLayout) -> list[Panel]:
    return list(reversed(grid.children))
