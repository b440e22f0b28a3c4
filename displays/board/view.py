"""The look of the lobby board. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.texts import FALLBACK, readable
from displays.base.view_parts import NOTHING, TextPair
from displays.board.flow import standing

if TYPE_CHECKING:
    from broker.contract.payloads import ServiceState, Wait
    from displays.base.view_parts import DisplaySettings, ViewContext
    from displays.board.flow import BoardFlow, Row, ShownCalls

PAGE_ROWS = 9
"""So many queues stand at once, each name on two lines; more take turns."""

LEAST_ROWS = 7
"""Fewer queues do not get larger."""

PAGE_S = 8.0


@dataclass(frozen=True, slots=True)
class Card:
    """A call: its number, where to go, whether it is lit by a flash."""

    number: str
    label: TextPair
    light: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: its name, its last called number, how many wait, the expected wait; all as text."""

    name: TextPair
    last: str
    waiting: str
    wait: str
    open: bool


@dataclass(frozen=True, slots=True)
class BoardHeadings:
    """The headings of the table of queues, and what stands where nothing was called yet."""

    queue: TextPair
    last: TextPair
    waiting: TextPair
    wait: TextPair
    nothing: TextPair


@dataclass(frozen=True, slots=True)
class BoardView:
    """What a board shows; `rows` is how many queues the table has room for.

    With `lost` set, the calls are of the past and drawn as such; `connecting`: nothing is known yet.
    """

    centre: TextPair
    time: str
    date: str
    stage: tuple[Card, ...]
    earlier: tuple[Card, ...]
    queues: tuple[Queue, ...]
    rows: int
    page: str
    notice: TextPair
    connecting: bool
    lost: TextPair
    lost_hint: TextPair
    heads: BoardHeadings
    identify: str


def board_view(flow: BoardFlow, setting: DisplaySettings, moment: ViewContext, *, silent: bool = False) -> BoardView:
    """Give the look of a board; `silent`: the voice cannot be heard, and people are told to watch."""
    seen = standing(flow, moment.now)
    queues, rows, page = _page(seen, setting, moment)
    stage, earlier = _calls(seen, setting, stale=moment.stale)
    starting = flow.board is None and not seen.rows
    return BoardView(
        centre=setting.pair(setting.centre.name) if setting.centre else TextPair(""),
        # Without the centre's time zone the time would be another one's.
        time=setting.time(moment.at) if setting.centre else "",
        date=setting.date(moment.at) if setting.centre else "",
        stage=stage,
        earlier=earlier,
        queues=queues,
        rows=rows,
        page=page,
        notice=_notice(seen, setting, silent=silent),
        connecting=moment.stale and starting,
        lost=setting.say("starting" if starting else "lost") if moment.stale else TextPair(""),
        lost_hint=_hint(seen, setting, starting=starting) if moment.stale else TextPair(""),
        heads=_heads(setting),
        identify=setting.say("identify", device=setting.device).first if moment.identify else "",
    )


def _heads(setting: DisplaySettings) -> BoardHeadings:
    names = ("queues", "last", "waiting", "wait", "nothing")
    return BoardHeadings(*(setting.say(f"board.{name}") for name in names))


def _calls(seen: ShownCalls, setting: DisplaySettings, *, stale: bool) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    if stale:
        return (), tuple(_card(row, setting, light=False) for row in seen.rows)
    return (
        tuple(_card(row, setting, light=row.light is True) for row in seen.stage),
        tuple(_card(row, setting, light=False) for row in seen.earlier),
    )


def _card(row: Row, setting: DisplaySettings, *, light: bool) -> Card:
    return Card(row.number, setting.pair(row.label), light)


def _hint(seen: ShownCalls, setting: DisplaySettings, *, starting: bool) -> TextPair:
    if starting:
        return setting.say("starting.hint")
    return (
        setting.say("board.lost.hint", time=setting.time(seen.at)) if seen.at is not None else setting.say("lost.hint")
    )


def _notice(seen: ShownCalls, setting: DisplaySettings, *, silent: bool) -> TextPair:
    if seen.notice:
        return setting.pair(seen.notice)
    return setting.say("board.voice") if silent else TextPair("")


def _page(seen: ShownCalls, setting: DisplaySettings, moment: ViewContext) -> tuple[tuple[Queue, ...], int, str]:
    pages = max(1, -(-len(seen.queues) // PAGE_ROWS))
    page = int(moment.now / PAGE_S) % pages
    full = -(-len(seen.queues) // pages)
    rows = seen.queues[page * full : (page + 1) * full]
    told = setting.say("board.page", page=page + 1, pages=pages).first if pages > 1 else ""
    return tuple(_queue(state, setting, stale=moment.stale) for state in rows), max(LEAST_ROWS, full), told


def _queue(state: ServiceState, setting: DisplaySettings, *, stale: bool) -> Queue:
    name = TextPair(readable(state.name, FALLBACK))
    if stale:
        return Queue(name, NOTHING, NOTHING, NOTHING, open=state.open)
    wait = wait_words(state.wait, setting) if state.open else setting.say("board.service.closed").first
    return Queue(name, state.last_called or NOTHING, str(state.waiting), wait, open=state.open)


def wait_words(wait: Wait | None, setting: DisplaySettings) -> str:
    """Give a range of seconds in whole minutes: `10–20 phút`, from none `dưới 5 phút`, None a dash."""
    if wait is None:
        return NOTHING
    low, high = wait.low_s // 60, max(1, -(-wait.high_s // 60))
    if low < 1:
        return setting.say("board.minutes.below", high=high).first
    if low >= high:
        return setting.say("board.minutes.about", high=high).first
    return setting.say("board.minutes", low=low, high=high).first


def picture_name(look: BoardView) -> str:
    """Name a look's picture by what stands on it, not by its numbers."""
    if look.lost.first:
        return "board-connecting" if look.connecting else "board-out-of-date"
    lit = any(card.light for card in look.stage)
    noted = "-notice" if look.notice.first else ""
    return f"board-{len(look.stage)}{'-light' if lit else ''}{noted}"
