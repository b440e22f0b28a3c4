"""The faces of searching by typing, and of what is asked before it is done; pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.search import Entry, words_of
from kiosk.flow.search import search as find
from kiosk.flow.state import Cancelling
from kiosk.views.menus import priority_button, service_tile
from kiosk.views.procedures import title_tiles
from kiosk.views.view import BusyBody, ConfirmBody, Fact, Keys, MessageBody, SearchBody

if TYPE_CHECKING:
    from kiosk.flow.config import KioskConfig, ServiceCard
    from kiosk.flow.state import Cancelled, Confirm, ConfirmCancel, Search
    from kiosk.views.context import Sight
    from kiosk.views.procedures_body import TitleTile
    from kiosk.views.view import Body, Tile

MOST_FOUND = 12
"""So many procedures are listed at most: whoever types another letter finds fewer."""
QWERTY = (tuple("1234567890"), tuple("QWERTYUIOP"), tuple("ASDFGHJKL"), tuple("ZXCVBNM.-"))


def search(sight: Sight, view: Search) -> SearchBody:
    """Give the keyboard and what is found so far: services, or procedures to read."""
    tiles, titles, more = _found(sight, view)
    found, of = tiles or titles, "read.search" if view.procedures else "search"
    missing = bool(words_of(view.typed)) and not found
    hint = f"{of}.nothing" if missing else f"{of}.hint"
    return SearchBody(
        title=sight.say(f"{of}.title"),
        typed=view.typed,
        empty=sight.say("search.empty"),
        keys=text_keys(sight, telex_on=view.telex),
        tiles=tiles,
        titles=titles,
        hint_icon="alert" if missing else "document",
        hint="" if found else sight.say(hint),
        hint_note=more if found else sight.say(f"{hint}.note"),
        earlier=sight.say("page.earlier"),
        more=sight.say("page.more"),
        page_word=sight.say("page.which"),
    )


def _found(sight: Sight, view: Search) -> tuple[tuple[Tile, ...], tuple[TitleTile, ...], str]:
    """Give the services or the procedures that are found, and what to do when those are not all."""
    if view.procedures:
        codes = sight.state.book.find(view.typed, sight.state.lang)
        more = sight.say("read.search.more", count=len(codes) - MOST_FOUND) if len(codes) > MOST_FOUND else ""
        return (), title_tiles(sight, codes[:MOST_FOUND], with_group=True), more
    cards = (sight.config.service(service) for service in find(entries(sight.config), view.typed, sight.state.lang))
    return tuple(_with_group(sight, service_tile(sight, card)) for card in cards if card is not None), (), ""


def entries(config: KioskConfig) -> tuple[Entry, ...]:
    """Give the services that can be searched, each with its group."""
    groups = {group.id: group.name for group in config.groups}
    return tuple(Entry(card.id, card.name, groups.get(card.group, {})) for card in config.services)


def text_keys(sight: Sight, *, telex_on: bool) -> Keys:
    """Give the keyboard for words, as telephones have it, with the key that turns Telex on and off."""
    telex = sight.say("keys.telex.on" if telex_on else "keys.telex.off")
    return Keys(QWERTY, sight.say("keys.space"), telex, telex_on)


def confirm(sight: Sight, view: Confirm) -> ConfirmBody:
    """Give the question whether a number is wanted, with the priority and what has to be shown for it."""
    card = sight.config.service(view.service)
    priority = next((entry for entry in sight.config.priorities if entry.id == sight.state.priority), None)
    proof = (sight.read(priority.proof) or sight.say("priority.note")) if priority else ""
    words, chosen = priority_button(sight)
    return ConfirmBody(
        title=sight.say("confirm.title"),
        name=sight.read(card.name) if card else "",
        notes=_notes(sight, card) if card else (),
        proof_title=sight.say("confirm.proof") if proof else "",
        proof=proof,
        yes=sight.say("confirm.yes"),
        no=sight.say("confirm.no"),
        priority=words,
        priority_chosen=chosen,
    )


def confirm_cancel(sight: Sight, view: ConfirmCancel) -> ConfirmBody:
    """Give the question whether a number is to be given back; the large button keeps it."""
    card = sight.config.service(view.ticket.service)
    return ConfirmBody(
        title=sight.say("cancel.title", number=view.ticket.number),
        name=sight.read(card.name) if card else "",
        notes=(),
        proof_title="",
        proof=sight.say("cancel.note"),
        yes=sight.say("cancel.yes", number=view.ticket.number),
        no=sight.say("cancel.no"),
        safe=True,
    )


def cancelled(sight: Sight, view: Cancelling | Cancelled) -> Body:
    """Give the moment while a number is given back, and what became of it."""
    if isinstance(view, Cancelling):
        return BusyBody(sight.say("cancelling.title"), sight.say("issuing.note"))
    title = sight.say("cancelled.title", number=view.number)
    return MessageBody("check", "good", title, sight.say("cancelled.note"), sight.say("notice.again"))


def _notes(sight: Sight, card: ServiceCard) -> tuple[Fact, ...]:
    tile = _with_group(sight, service_tile(sight, card))
    notes = [Fact("document", sight.say("confirm.group"), tile.above)]
    notes += [Fact("queue", sight.say("confirm.waiting"), _waiting(sight, card))] if tile.note else []
    notes += [Fact("clock", sight.say("ticket.wait"), tile.wait)] if tile.wait else []
    return tuple(note for note in notes if note.value)


def _waiting(sight: Sight, card: ServiceCard) -> str:
    heard = sight.state.services.get(card.id)
    count = heard.waiting if heard else 0
    if count == 0:
        return sight.say("tile.waiting.none")
    return sight.say("ticket.ahead.one") if count == 1 else sight.say("ticket.ahead.many", count=count)


def _with_group(sight: Sight, tile: Tile) -> Tile:
    card = sight.config.service(tile.id)
    group = next((group for group in sight.config.groups if card and group.id == card.group), None)
    return replace(tile, above=sight.read(group.name) if group else "")
