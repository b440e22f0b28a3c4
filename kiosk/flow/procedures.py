"""Procedures to read: which groups have some, which of them stand together, a procedure in parts; pure.

No text is ever cut: a list stands in stretches, and a text in pieces that are no higher than a screen, so that what is
too much for one screen is paged between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from broker.contract.texts import pick, without_endless
from kiosk.flow.actions import Action, NumberForThis, OpenProcedures, ReadProcedure, TurnList
from kiosk.flow.state import (
    Confirm,
    ProcedureGroups,
    Procedures,
    Reading,
    Search,
    Services,
    View,
    Welcome,
    service_open,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from broker.contract.payloads import Procedure, Text
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.context import StepContext
    from kiosk.flow.effects import Transition
    from kiosk.flow.procedure_list import Book, Title
    from kiosk.flow.state import State

READING = (ProcedureGroups, Procedures, Reading)
"""The views in which somebody reads."""
ELSE = "else"
"""Stands for the procedures whose group this centre does not have."""
STRETCH = 12
"""So many procedures stand in a list at once: more would not be drawn within the time that a touch may take."""
PIECE = 150
"""Characters of a piece of text at most."""
_SENTENCE = re.compile(r"(?<=[.;:,])\s+")


# ---- what can be chosen ----


def groups_of(state: State) -> dict[str, int]:
    """Give the groups that have procedures, in the order of the configuration, and how many each has."""
    config = state.config
    if config is None:
        return {}
    counts: dict[str, int] = dict.fromkeys([group.id for group in config.groups] + [ELSE], 0)
    for group in _groups(config, state.book.titles):
        counts[group] += 1
    return {group: count for group, count in counts.items() if count}


def codes_of(state: State, group: str) -> tuple[str, ...]:
    """Give the procedures of a group."""
    config, titles = state.config, state.book.titles
    if config is None:
        return ()
    return tuple(title.code for title, own in zip(titles, _groups(config, titles), strict=True) if own == group)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some of a list: the codes, from which place on (from 0), and how many there are in all."""

    codes: tuple[str, ...]
    start: int
    total: int

    @property
    def has_after(self) -> bool:
        """Tell whether there are more behind these."""
        return self.start + len(self.codes) < self.total


def stretch_of(state: State, view: Procedures) -> Stretch:
    """Give the part of a list that stands; one past the end gives the last."""
    codes = codes_of(state, view.group)
    last = max(0, (len(codes) - 1) // STRETCH)
    start = min(max(view.stretch, 0), last) * STRETCH
    return Stretch(codes[start : start + STRETCH], start, len(codes))


def group_of(config: KioskConfig, title: Title) -> str:
    """Give the group of a procedure."""
    (own,) = _groups(config, (title,))
    return own


def group_name(config: KioskConfig, group: str) -> Text:
    """Give the name of a group; empty for one that this centre does not have."""
    return next((card.name for card in config.groups if card.id == group), {})


def services_for(config: KioskConfig, title: Title) -> tuple[str, ...]:
    """Give the services of this kiosk that take a procedure: its own, or where it has none those of its group."""
    if title.service is not None:
        return (title.service,) if config.service(title.service) else ()
    return tuple(service.id for service in config.of_group(title.group or ""))


def _groups(config: KioskConfig, titles: Sequence[Title]) -> Iterator[str]:
    """Give the group of each: that of its service as it is at present, else the one it came with."""
    known = {group.id for group in config.groups}
    of_service = {service.id: service.group for service in config.services}
    for title in titles:
        group = of_service.get(title.service or "", title.group or "")
        yield group if group in known else ELSE


# ---- a procedure in parts ----


class Kind(StrEnum):
    """What a part of a procedure is."""

    PAPER = "paper"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what is read: a paper has its number, 0 where it goes on."""

    kind: Kind
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """What is read under one head: `papers`, `fee`, `time` or `where`."""

    head: str
    parts: tuple[Part, ...]


def sections_of(procedure: Procedure, lang: str) -> tuple[Section, ...]:
    """Give a procedure as it is read below its name; what it says nothing of is left out."""
    papers = [
        Part(Kind.PAPER, piece, 0 if again else number)
        for number, paper in enumerate(procedure.papers, 1)
        for again, piece in enumerate(pieces(without_endless(pick(paper, lang))))
    ]
    sections = [Section("papers", tuple(papers))]
    for head, text in (("fee", procedure.fee), ("time", procedure.time), ("where", procedure.where)):
        lines = without_endless(pick(text, lang)).splitlines() if text else []
        sections.append(Section(head, tuple(Part(Kind.TEXT, piece) for line in lines for piece in pieces(line))))
    return tuple(section for section in sections if section.parts)


def pieces(text: str, longest: int = PIECE) -> Iterator[str]:
    """Cut a text into pieces, after a sentence or a comma where that can be, else between words; no word is cut."""
    piece = ""
    for clause in _SENTENCE.split(text):
        for words in _fitting(clause, longest):
            if piece and len(piece) + 1 + len(words) > longest:
                yield piece
                piece = words
            else:
                piece = f"{piece} {words}" if piece else words
    if piece:
        yield piece


def _fitting(clause: str, longest: int) -> Iterator[str]:
    """Give a clause as a whole where it fits, else word by word."""
    return iter((clause,) if len(clause) <= longest else clause.split())


ACTIONS = (OpenProcedures, ReadProcedure, TurnList, NumberForThis)
"""What a finger can do only where procedures are read, or to get there."""


def read(state: State, action: Action, moment: StepContext) -> Transition:
    """Give the state after a touch, and what is to be done."""
    view = state.view
    match action:
        case OpenProcedures() if isinstance(view, Welcome) and state.book.titles:
            return replace(state, view=ProcedureGroups()), ()
        case TurnList(by) if isinstance(view, Procedures):
            start = stretch_of(state, view).start // STRETCH + by
            turned = replace(view, stretch=max(0, start))
            found = stretch_of(state, turned)
            return replace(state, view=replace(view, stretch=found.start // STRETCH)), ()
        case ReadProcedure(code) if isinstance(view, Procedures | Search) and _lists(view) and state.book.title(code):
            return replace(state, view=Reading(code, view)), ()
        case NumberForThis() if isinstance(view, Reading):
            return _take(state, view, moment), ()
        case _:
            return state, ()


def open_group(state: State, group: str) -> State:
    """Show the procedures of a group."""
    return replace(state, view=Procedures(group)) if group in groups_of(state) else state


def back(view: View) -> View | None:
    """Give the view one screen back; None for one that belongs to no reading."""
    if isinstance(view, Reading):
        return view.back
    return ProcedureGroups() if _lists(view) else None


def _lists(view: View) -> bool:
    """Tell whether procedures can be chosen."""
    return isinstance(view, Procedures) or (isinstance(view, Search) and view.procedures)


def another_book(state: State, book: Book) -> State:
    """Take another list; whoever reads what it no longer has goes back to what there is."""
    after = replace(state, book=book)
    view = after.view.back if isinstance(after.view, Reading) and not book.title(after.view.code) else after.view
    if (isinstance(view, Procedures) and view.group not in groups_of(after)) or (
        isinstance(view, Search) and view.procedures and not book.titles
    ):
        view = ProcedureGroups()
    return replace(after, view=Welcome() if isinstance(view, ProcedureGroups) and not book.titles else view)


def _take(state: State, view: Reading, moment: StepContext) -> State:
    """Ask whether a number is wanted, where it is clear for which service; else let the service be chosen."""
    title = state.book.title(view.code)
    if title is None or state.config is None:
        return state
    services = services_for(state.config, title)
    if not any(service_open(state, service, moment.instant) for service in services):
        return state
    if len(services) > 1:
        return replace(state, view=Services(title.group or ""))
    return replace(state, view=Confirm(services[0], view))
