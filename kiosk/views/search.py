"""The faces of searching by typing, and of what is asked before it is done; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.flow.search import Entry, words_of
from kiosk.flow.search import search as find
from kiosk.views.menus import service_tile
from kiosk.views.parts import Keys
from kiosk.views.procedures import title_tiles

if TYPE_CHECKING:
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.state import Search
    from kiosk.views.context import ViewContext
    from kiosk.views.parts import Tile
    from kiosk.views.procedures import TitleTile


@dataclass(frozen=True, slots=True)
class SearchBody:
    """A service, or a procedure (`titles`), is looked for by typing. `hint` stands where nothing is listed.

    What is found has pages of its own: `earlier` and `more` turn them, `page_word` stands before the number of one.
    """

    title: str
    typed: str
    empty: str
    keys: Keys
    tiles: tuple[Tile, ...]
    hint_icon: str
    hint: str
    hint_note: str
    earlier: str = ""
    more: str = ""
    page_word: str = ""
    titles: tuple[TitleTile, ...] = ()


MOST_FOUND = 12
"""So many procedures are listed at most: whoever types another letter finds fewer."""
QWERTY = (tuple("1234567890"), tuple("QWERTYUIOP"), tuple("ASDFGHJKL"), tuple("ZXCVBNM.-"))


def search(context: ViewContext, view: Search) -> SearchBody:
    """Give the keyboard and what is found so far: services, or procedures to read."""
    tiles, titles, more = _found(context, view)
    found, of = tiles or titles, "read.search" if view.procedures else "search"
    missing = bool(words_of(view.typed)) and not found
    hint = f"{of}.nothing" if missing else f"{of}.hint"
    return SearchBody(
        title=context.say(f"{of}.title"),
        typed=view.typed,
        empty=context.say("search.empty"),
        keys=text_keys(context, telex_on=view.telex),
        tiles=tiles,
        titles=titles,
        hint_icon="alert" if missing else "document",
        hint="" if found else context.say(hint),
        hint_note=more if found else context.say(f"{hint}.note"),
        earlier=context.say("page.earlier"),
        more=context.say("page.more"),
        page_word=context.say("page.which"),
    )


def _found(context: ViewContext, view: Search) -> tuple[tuple[Tile, ...], tuple[TitleTile, ...], str]:
    """Give the services or the procedures that are found, and what to do when those are not all."""
    if view.procedures:
        codes = context.state.book.find(view.typed, context.state.lang)
        more = context.say("read.search.more", count=len(codes) - MOST_FOUND) if len(codes) > MOST_FOUND else ""
        return (), title_tiles(context, codes[:MOST_FOUND], with_group=True), more
    cards = (
        context.config.service(service) for service in find(entries(context.config), view.typed, context.state.lang)
    )
    return tuple(_with_group(context, service_tile(context, card)) for card in cards if card is not None), (), ""


def entries(config: KioskConfig) -> tuple[Entry, ...]:
    """Give the services that can be searched, each with its group."""
    groups = {group.id: group.name for group in config.groups}
    return tuple(Entry(card.id, card.name, groups.get(card.group, {})) for card in config.services)


def text_keys(context: ViewContext, *, telex_on: bool) -> Keys:
    """Give the keyboard for words, as telephones have it, with the key that turns Telex on and off."""
    telex = context.say("keys.telex.on" if telex_on else "keys.telex.off")
    return Keys(QWERTY, context.say("keys.space"), telex, telex_on)


def _with_group(context: ViewContext, tile: Tile) -> Tile:
    card = context.config.service(tile.id)
    group = next((group for group in context.config.groups if card and group.id == card.group), None)
    return replace(tile, above=context.read(group.name) if group else "")
