"""The faces of the menus: groups, services, priorities; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.runtime.theme import load_theme
from kiosk.flow.config import NORMAL
from kiosk.flow.state import popular, service_open
from kiosk.printing.layout import wait_range
from kiosk.views.view import Choice, ChoiceBody, GroupsBody, ServicesBody, Tile

if TYPE_CHECKING:
    from kiosk.flow.config import GroupCard, ServiceCard
    from kiosk.views.context import Sight

QUICK = 2
"""How many services can be chosen without opening their group."""
FEW_SERVICES = 4
"""Up to so many services there is no need for quick ones."""


def groups(sight: Sight) -> GroupsBody:
    """Give all groups, and the services that are chosen most."""
    chosen = popular(sight.state, QUICK) if len(sight.config.services) > FEW_SERVICES else ()
    cards = (sight.config.service(service) for service in chosen)
    quick = tuple(service_tile(sight, card) for card in cards if card is not None)
    return GroupsBody(
        sight.say("groups.title"), sight.say("groups.quick") if quick else "", quick, sight.say("groups.all"),
        tuple(_group_tile(sight, group) for group in sight.config.shown_groups),
        *priority_button(sight), sight.say("search.open"),
    )  # fmt: skip


def services(sight: Sight, group: str) -> ServicesBody:
    """Give the services of a group."""
    title = next((sight.read(card.name) for card in sight.config.shown_groups if card.id == group), "")
    tiles = tuple(service_tile(sight, card) for card in sight.config.of_group(group))
    icon = load_theme().icon_of_group(group)
    ways = (*priority_button(sight), sight.say("search.open"))
    return ServicesBody(title, sight.say("services.title"), icon, tiles, *ways)


def priorities(sight: Sight) -> ChoiceBody:
    """Give the priorities that a citizen may choose, and none."""
    offered = [(entry.id, sight.read(entry.name)) for entry in sight.config.priorities]
    choices = tuple(
        Choice(key, name, key == sight.state.priority, load_theme().icon_of_priority(key))
        for key, name in [*offered, (NORMAL, sight.say("priority.none"))]
    )
    return ChoiceBody(sight.say("priority.title"), sight.say("priority.note"), choices)


def priority_name(sight: Sight, priority: str) -> str:
    """Give the name of a priority, empty for `normal` and for one that is not offered here."""
    return next((sight.read(entry.name) for entry in sight.config.priorities if entry.id == priority), "")


def service_tile(sight: Sight, card: ServiceCard) -> Tile:
    """Give a service with how many wait for it and how long, as long as that is known."""
    heard = sight.state.services.get(card.id)
    is_open = service_open(sight.state, card.id, sight.moment.instant)
    note, wait = "" if is_open else sight.say("tile.closed"), ""
    if is_open and heard is not None and sight.state.live:
        note = waiting_words(sight, heard.waiting)
        wait = wait_range(heard.wait, lambda key, **values: sight.say(f"slip.{key}", **values)) if heard.waiting else ""
    return Tile(
        card.id, card.series or "", load_theme().icon_of_group(card.group), sight.read(card.name), note, wait,
        closed=not is_open,
    )  # fmt: skip


def waiting_words(sight: Sight, count: int) -> str:
    """Say how many people wait."""
    if count <= 0:
        return sight.say("tile.waiting.none")
    return sight.say("tile.waiting.one") if count == 1 else sight.say("tile.waiting.many", count=count)


def _group_tile(sight: Sight, group: GroupCard) -> Tile:
    cards = sight.config.of_group(group.id)
    some_open = any(service_open(sight.state, card.id, sight.moment.instant) for card in cards)
    waiting = [sight.state.services[card.id].waiting for card in cards if card.id in sight.state.services]
    note = "" if some_open else sight.say("tile.closed")
    if some_open and waiting and sight.state.live:
        note = waiting_words(sight, sum(waiting))
    letters = dict.fromkeys(card.series for card in cards if card.series)
    return Tile(
        group.id, "".join(letters) if len(letters) == 1 else "", load_theme().icon_of_group(group.id),
        sight.read(group.name), note, closed=not some_open,
    )  # fmt: skip


def priority_button(sight: Sight) -> tuple[str, bool]:
    """Give the words that open the choice of a priority, and whether one is chosen; empty where there is none."""
    if not sight.config.priorities:
        return "", False
    name = priority_name(sight, sight.state.priority)
    return (sight.say("priority.chosen", name=name), True) if name else (sight.say("priority.open"), False)
