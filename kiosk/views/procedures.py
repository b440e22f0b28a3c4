"""The faces of procedures to read: their groups, a list, the text of one; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.runtime.theme import load_theme
from kiosk.flow import procedures
from kiosk.flow.state import Procedures, service_open
from kiosk.views.menus import GroupsBody
from kiosk.views.messages import BusyBody
from kiosk.views.parts import Tile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.flow.procedure_list import Title
    from kiosk.flow.state import Reading
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class TitleTile:
    """A procedure in a list; `note` is its code or its group. It is as high as its name is long."""

    id: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A piece of what is read; `mark` is the number of a paper."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ReadSection:
    """What is read under one head."""

    icon: str
    head: str
    parts: tuple[ReadPart, ...]


@dataclass(frozen=True, slots=True)
class TitlesBody:
    """Procedures of one group: those from place `stretch` on; `which` says which of how many, empty for all."""

    title: str
    subtitle: str
    icon: str
    tiles: tuple[TitleTile, ...]
    search: str = ""
    stretch: int = 0
    has_before: bool = False
    has_after: bool = False
    which: str = ""


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A procedure. `take` takes a number for it, or where it is empty `note` says why that cannot be."""

    title: str
    code: str
    sections: tuple[ReadSection, ...]
    take: str
    note: str


LONGEST_FOUND = 240
"""Characters of a name beside the keyboard."""
ICONS = {"papers": "document", "fee": "fee", "time": "clock", "where": "land"}


def groups(context: ViewContext) -> GroupsBody:
    """Give the groups that have procedures to read."""
    tiles = tuple(
        Tile(group, "", load_theme().icon_of_group(group), _name_of(context, group), _count(context, count))
        for group, count in procedures.groups_of(context.state).items()
    )
    return GroupsBody(
        title=context.say("read.title"), quick_title="", quick=(), all_title=context.say("read.groups"), tiles=tiles,
        priority="", priority_chosen=False, search=context.say("read.search"),
    )  # fmt: skip


def titles(context: ViewContext, view: Procedures) -> TitlesBody:
    """Give some of the procedures of a group, and which of how many."""
    found = procedures.stretch_of(context.state, view)
    which = ""
    if found.total > len(found.codes):
        which = context.say("read.which", first=found.start + 1, last=found.start + len(found.codes), total=found.total)
    return TitlesBody(
        title=_name_of(context, view.group), subtitle=context.say("read.choose"),
        icon=load_theme().icon_of_group(view.group), tiles=title_tiles(context, found.codes),
        search=context.say("read.search"), stretch=found.start,
        has_before=found.start > 0, has_after=found.has_after, which=which,
    )  # fmt: skip


def title_tiles(context: ViewContext, codes: Iterable[str], *, with_group: bool = False) -> tuple[TitleTile, ...]:
    """Give procedures by their codes, each with its code, or with its group."""
    found = (context.state.book.title(code) for code in codes)
    return tuple(
        TitleTile(
            title.code, _shortened(context.read(title.name)) if with_group else context.read(title.name),
            _name_of(context, procedures.group_of(context.config, title)) if with_group else title.code,
        )
        for title in found
        if title is not None
    )  # fmt: skip


def _shortened(name: str) -> str:
    """Give what of a name stands among other things that were found; the whole name stands where it is read."""
    if len(name) <= LONGEST_FOUND:
        return name
    return f"{next(procedures.pieces(name, LONGEST_FOUND))} …"


def read(context: ViewContext, view: Reading) -> ReadBody | BusyBody:
    """Give a procedure; while it is not there yet, say so."""
    title, procedure = context.state.book.title(view.code), context.state.book.procedure(view.code)
    if title is None or procedure is None:
        return BusyBody(context.say("read.opening"), context.say("issuing.note"))
    may_take, note = _taking(context, title)
    sections = tuple(
        ReadSection(
            ICONS[section.head], context.say(f"read.{section.head}"),
            tuple(ReadPart(part.text, str(part.number) if part.number else "") for part in section.parts),
        )
        for section in procedures.sections_of(procedure, context.state.lang)
    )  # fmt: skip
    return ReadBody(
        title=context.read(title.name), code=context.say("read.code", code=title.code), sections=sections,
        take=context.say("read.take") if may_take else "", note=note,
    )  # fmt: skip


def _taking(context: ViewContext, title: Title) -> tuple[bool, str]:
    """Tell whether a number can be taken for a procedure, or say why not."""
    services = procedures.services_for(context.config, title)
    if not services:
        return False, context.say("read.elsewhere")
    if not any(service_open(context.state, service, context.moment.instant) for service in services):
        return False, context.say("read.closed")
    return True, ""


def _name_of(context: ViewContext, group: str) -> str:
    name = procedures.group_name(context.config, group)
    return context.read(name) if name else context.say("read.else")


def _count(context: ViewContext, count: int) -> str:
    return context.say("read.count.one") if count == 1 else context.say("read.count.many", count=count)
