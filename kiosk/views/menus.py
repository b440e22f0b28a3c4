"""The faces of the menus: groups, services, priorities; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.runtime.theme import load_theme
from kiosk.flow.config import NORMAL
from kiosk.flow.state import popular, service_open
from kiosk.views.parts import Choice, Tile
from kiosk.views.wait_words import wait_range

if TYPE_CHECKING:
    from kiosk.flow.config import GroupCard, ServiceCard
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class GroupsBody:
    """All groups, and the services that are chosen most."""

    title: str
    quick_title: str
    quick: tuple[Tile, ...]
    all_title: str
    tiles: tuple[Tile, ...]
    priority: str
    priority_chosen: bool
    search: str = ""


@dataclass(frozen=True, slots=True)
class ServicesBody:
    """The services of one group."""

    title: str
    subtitle: str
    icon: str
    tiles: tuple[Tile, ...]
    priority: str
    priority_chosen: bool
    search: str = ""


@dataclass(frozen=True, slots=True)
class ChoiceBody:
    """The choice of a priority."""

    title: str
    note: str
    choices: tuple[Choice, ...]


QUICK = 2
"""How many services can be chosen without opening their group."""
FEW_SERVICES = 4
"""Up to so many services there is no need for quick ones."""


def groups(context: ViewContext) -> GroupsBody:
    """Give all groups, and the services that are chosen most."""
    chosen = popular(context.state, QUICK) if len(context.config.services) > FEW_SERVICES else ()
    cards = (context.config.service(service) for service in chosen)
    quick = tuple(service_tile(context, card) for card in cards if card is not None)
    return GroupsBody(
        context.say("groups.title"), context.say("groups.quick") if quick else "", quick, context.say("groups.all"),
        tuple(_group_tile(context, group) for group in context.config.shown_groups),
        *priority_button(context), context.say("search.open"),
    )  # fmt: skip


def services(context: ViewContext, group: str) -> ServicesBody:
    """Give the services of a group."""
    title = next((context.read(card.name) for card in context.config.shown_groups if card.id == group), "")
    tiles = tuple(service_tile(context, card) for card in context.config.of_group(group))
    icon = load_theme().icon_of_group(group)
    ways = (*priority_button(context), context.say("search.open"))
    return ServicesBody(title, context.say("services.title"), icon, tiles, *ways)


def priorities(context: ViewContext) -> ChoiceBody:
    """Give the priorities that a citizen may choose, and none."""
    offered = [(entry.id, context.read(entry.name)) for entry in context.config.priorities]
    choices = tuple(
        Choice(key, name, key == context.state.priority, load_theme().icon_of_priority(key))
        for key, name in [*offered, (NORMAL, context.say("priority.none"))]
    )
    return ChoiceBody(context.say("priority.title"), context.say("priority.note"), choices)


def priority_name(context: ViewContext, priority: str) -> str:
    """Give the name of a priority, empty for `normal` and for one that is not offered here."""
    return next((context.read(entry.name) for entry in context.config.priorities if entry.id == priority), "")


def service_tile(context: ViewContext, card: ServiceCard) -> Tile:
    """Give a service with how many wait for it and how long, as long as that is known."""
    heard = context.state.services.get(card.id)
    is_open = service_open(context.state, card.id, context.moment.instant)
    note, wait = "" if is_open else context.say("tile.closed"), ""
    if is_open and heard is not None and context.state.live:
        note = waiting_words(context, heard.waiting)
        wait = (
            wait_range(heard.wait, lambda key, **values: context.say(f"slip.{key}", **values)) if heard.waiting else ""
        )
    return Tile(
        card.id, card.series or "", load_theme().icon_of_group(card.group), context.read(card.name), note, wait,
        closed=not is_open,
    )  # fmt: skip


def waiting_words(context: ViewContext, count: int) -> str:
    """Say how many people wait."""
    if count <= 0:
        return context.say("tile.waiting.none")
    return context.say("tile.waiting.one") if count == 1 else context.say("tile.waiting.many", count=count)


def _group_tile(context: ViewContext, group: GroupCard) -> Tile:
    cards = context.config.of_group(group.id)
    some_open = any(service_open(context.state, card.id, context.moment.instant) for card in cards)
    waiting = [context.state.services[card.id].waiting for card in cards if card.id in context.state.services]
    note = "" if some_open else context.say("tile.closed")
    if some_open and waiting and context.state.live:
        note = waiting_words(context, sum(waiting))
    letters = dict.fromkeys(card.series for card in cards if card.series)
    return Tile(
        group.id, "".join(letters) if len(letters) == 1 else "", load_theme().icon_of_group(group.id),
        context.read(group.name), note, closed=not some_open,
    )  # fmt: skip


def priority_button(context: ViewContext) -> tuple[str, bool]:
    """Give the words that open the choice of a priority, and whether one is chosen; empty where there is none."""
    if not context.config.priorities:
        return "", False
    name = priority_name(context, context.state.priority)
    return (context.say("priority.chosen", name=name), True) if name else (context.say("priority.open"), False)
