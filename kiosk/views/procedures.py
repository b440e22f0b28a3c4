"""The faces of procedures to read: their groups, a list, the text of one; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.runtime.theme import load_theme
from kiosk.flow import procedures
from kiosk.flow.state import ProcedureGroups, Procedures, service_open
from kiosk.views.procedures_body import ReadBody, ReadPart, ReadSection, TitlesBody, TitleTile
from kiosk.views.view import BusyBody, GroupsBody, Tile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kiosk.flow.procedure_list import Title
    from kiosk.flow.state import Reading
    from kiosk.views.context import Sight
    from kiosk.views.view import Body

LONGEST_FOUND = 240
"""Characters of a name beside the keyboard."""
ICONS = {"papers": "document", "fee": "fee", "time": "clock", "where": "land"}


def body(sight: Sight, view: ProcedureGroups | Procedures | Reading) -> Body:
    """Give what stands where somebody reads."""
    match view:
        case ProcedureGroups():
            return groups(sight)
        case Procedures():
            return titles(sight, view)
        case _:
            return read(sight, view)


def groups(sight: Sight) -> GroupsBody:
    """Give the groups that have procedures to read."""
    tiles = tuple(
        Tile(group, "", load_theme().icon_of_group(group), _name_of(sight, group), _count(sight, count))
        for group, count in procedures.groups_of(sight.state).items()
    )
    return GroupsBody(
        title=sight.say("read.title"), quick_title="", quick=(), all_title=sight.say("read.groups"), tiles=tiles,
        priority="", priority_chosen=False, search=sight.say("read.search"),
    )  # fmt: skip


def titles(sight: Sight, view: Procedures) -> TitlesBody:
    """Give some of the procedures of a group, and which of how many."""
    found = procedures.stretch_of(sight.state, view)
    which = ""
    if found.total > len(found.codes):
        which = sight.say("read.which", first=found.start + 1, last=found.start + len(found.codes), total=found.total)
    return TitlesBody(
        title=_name_of(sight, view.group), subtitle=sight.say("read.choose"),
        icon=load_theme().icon_of_group(view.group), tiles=title_tiles(sight, found.codes),
        search=sight.say("read.search"), stretch=found.start,
        has_before=found.start > 0, has_after=found.has_after, which=which,
    )  # fmt: skip


def title_tiles(sight: Sight, codes: Iterable[str], *, with_group: bool = False) -> tuple[TitleTile, ...]:
    """Give procedures by their codes, each with its code, or with its group."""
    found = (sight.state.book.title(code) for code in codes)
    return tuple(
        TitleTile(
            title.code, _shortened(sight.read(title.name)) if with_group else sight.read(title.name),
            _name_of(sight, procedures.group_of(sight.config, title)) if with_group else title.code,
        )
        for title in found
        if title is not None
    )  # fmt: skip


def _shortened(name: str) -> str:
    """Give what of a name stands among other things that were found; the whole name stands where it is read."""
    if len(name) <= LONGEST_FOUND:
        return name
    return f"{next(procedures.pieces(name, LONGEST_FOUND))} …"


def read(sight: Sight, view: Reading) -> ReadBody | BusyBody:
    """Give a procedure; while it is not there yet, say so."""
    title, procedure = sight.state.book.title(view.code), sight.state.book.procedure(view.code)
    if title is None or procedure is None:
        return BusyBody(sight.say("read.opening"), sight.say("issuing.note"))
    may_take, note = _taking(sight, title)
    sections = tuple(
        ReadSection(
            ICONS[section.head], sight.say(f"read.{section.head}"),
            tuple(ReadPart(part.text, str(part.number) if part.number else "") for part in section.parts),
        )
        for section in procedures.sections_of(procedure, sight.state.lang)
    )  # fmt: skip
    return ReadBody(
        title=sight.read(title.name), code=sight.say("read.code", code=title.code), sections=sections,
        take=sight.say("read.take") if may_take else "", note=note,
    )  # fmt: skip


def _taking(sight: Sight, title: Title) -> tuple[bool, str]:
    """Tell whether a number can be taken for a procedure, or say why not."""
    services = procedures.services_for(sight.config, title)
    if not services:
        return False, sight.say("read.elsewhere")
    if not any(service_open(sight.state, service, sight.moment.instant) for service in services):
        return False, sight.say("read.closed")
    return True, ""


def _name_of(sight: Sight, group: str) -> str:
    name = procedures.group_name(sight.config, group)
    return sight.read(name) if name else sight.say("read.else")


def _count(sight: Sight, count: int) -> str:
    return sight.say("read.count.one") if count == 1 else sight.say("read.count.many", count=count)
