"""The parts that several screens share: tiles, facts, a QR code, notes, the keys of a keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import segno
from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from devices.screen.widgets import Panel, TouchPanel
from kiosk.flow.actions import OpenPriorities, OpenSearch

if TYPE_CHECKING:
    from collections.abc import Sequence

Builder.load_file(str(Path(__file__).with_name("parts.kv")), encoding="utf-8")

QUIET_ZONE = 3
"""White modules around a QR code."""


class BodyScreen(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A screen: `body` is what it shows, `act` is told what a finger did.

    `pager` is the place of a part that has pages of its own; None where the whole screen is paged. `shift` moves all
    that stands on it by so many pixels to the right and upwards. `room` is the height of the place that the screen
    stands in, whatever the screen needs.
    """

    body = ObjectProperty(rebind=True)
    room = NumericProperty(0)
    act = ObjectProperty()
    upright = BooleanProperty(True)
    edges = ListProperty([0, 0])
    shift = ListProperty([0, 0])

    pager = ObjectProperty(None, allownone=True)


class Together(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """Parts that stand on one page as long as a page takes them: what is typed must be seen beside its keys."""


class GroupTile(TouchPanel):
    """A group of services: its icon, its letter, its name."""

    tile = ObjectProperty(rebind=True)


class TileBadge(Panel):
    """What is known again without reading: the icon of a group over the letter that its numbers begin with."""

    icon = StringProperty("")
    letter = StringProperty("")
    closed = BooleanProperty(False)


class ServiceTile(TouchPanel):
    """A service: its badge, its name, how many wait and how long."""

    badge = BooleanProperty(True)
    name_style = StringProperty("title")

    tile = ObjectProperty(rebind=True)


class ResultTile(ServiceTile):
    """A service that was found: what it belongs to, its name, how many wait and how long."""


class QuickTile(ServiceTile):
    """A service that is chosen often, smaller than in its group."""


class ChoiceTile(TouchPanel):
    """One of several things to choose; a mark tells which are chosen."""

    tile = ObjectProperty(rebind=True)
    mark_corner = StringProperty("s")


class OneOfTile(ChoiceTile):
    """One of several things of which only one can be chosen: its mark is round."""


class LevelTile(TouchPanel):
    """A level of a rating: face and name."""

    tile = ObjectProperty(rebind=True)


class TileGrid(GridLayout):  # type: ignore[misc]  # Kivy ships no types
    """Tiles of one kind in a grid; `chose` is told the id of the one that was touched.

    A row is `row` pixels high, or as high as the highest of its tiles needs; with `fills` rows share all height.
    """

    tiles = ObjectProperty(())
    make = ObjectProperty()
    chose = ObjectProperty()
    row_mm = NumericProperty(30)
    row = NumericProperty(100)
    fills = BooleanProperty(False)
    needed = NumericProperty(0)

    def __init__(self, **properties: object) -> None:
        self.measure = Clock.create_trigger(self._measure, -1)
        super().__init__(**properties)
        self.bind(size=self.measure, cols=self.measure, row=self.measure, spacing=self.measure)

    def on_tiles(self, *_: object) -> None:
        """Show the tiles: those that are there already only change."""
        if self.make is None:
            return
        wanted: Sequence[Any] = self.tiles
        if [child.tile_id for child in self._ordered()] != [tile_id(tile) for tile in wanted]:
            self.clear_widgets()
            for tile in wanted:
                self.add_widget(self._made(tile))
        for child, tile in zip(self._ordered(), wanted, strict=True):
            child.tile = tile
        self.measure()

    def _measure(self, *_: object) -> None:
        tiles, columns = self._ordered(), self.cols or 1
        rows = [tiles[at : at + columns] for at in range(0, len(tiles), columns)]
        heights = [max(self.row, *(tile.minimum_height for tile in row)) for row in rows]
        between = self.spacing[1] * max(0, len(rows) - 1)
        self.needed = sum(heights) + between
        spare = max(0, self.height - self.needed) / len(rows) if self.fills and rows else 0
        for row, height in zip(rows, heights, strict=True):
            for tile in row:
                tile.height = height + spare

    def on_make(self, *_: object) -> None:
        """Show the tiles as soon as their kind is known, anew when it is another."""
        self.clear_widgets()
        self.on_tiles()

    def _ordered(self) -> list[Any]:
        return list(reversed(self.children))

    def _made(self, tile: Any) -> Widget:  # noqa: ANN401 - a tile of any kind
        child = self.make(tile=tile)
        child.tile_id = tile_id(tile)
        child.size_hint_y = None
        child.bind(minimum_height=self.measure)
        child.bind(on_release=lambda touched: self.chose(touched.tile_id))
        return child


def tile_id(tile: Any) -> Any:  # noqa: ANN401 - a tile of any kind
    """Give what tells a tile from the others: its id, or the score of a level."""
    return tile.id if hasattr(tile, "id") else tile.score


class DetailColumn(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A label over a value, with an icon."""

    detail = ObjectProperty(rebind=True)


class DetailRow(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """Facts side by side."""

    details = ObjectProperty(())

    def on_facts(self, *_: object) -> None:
        """Show the facts."""
        self.clear_widgets()
        for detail in self.details:
            column = DetailColumn(detail=detail)
            column.bind(minimum_height=self.measure)
            self.add_widget(column)
        self.measure()

    def measure(self, *_: object) -> None:
        """Be as high as the highest fact."""
        self.height = max((column.minimum_height for column in self.children), default=0)


class Note(Panel):
    """A sentence with an icon on a soft ground; `tone` is brand, good, warning or danger; gone without a text."""

    text = StringProperty("")
    title = StringProperty("")
    icon = StringProperty("alert")
    tone = StringProperty("warning")
    text_style = StringProperty("body")


class NoteStrip(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A sentence across the whole width, in a colour on a ground of the palette; gone without a text."""

    text = StringProperty("")
    icon = StringProperty("offline")
    ground = StringProperty("warning_soft")
    ink = StringProperty("warning")


class Emblem(Panel):
    """A large icon on a soft ground; `tone` is brand, good, warning or danger."""

    icon = StringProperty("")
    tone = StringProperty("brand")
    side = NumericProperty(0)


class PriorityButton(TouchPanel):
    """Opens the choice of a priority, and tells which one is chosen."""

    text = StringProperty("")
    chosen = BooleanProperty(False)


class Ways(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """What can be done beside choosing, side by side: searching, naming a priority; each is there with its words."""

    search = StringProperty("")
    priority = StringProperty("")
    chosen = BooleanProperty(False)
    act = ObjectProperty()

    def look(self) -> None:
        """Look for a service by typing."""
        self.act(OpenSearch())

    def name_priority(self) -> None:
        """Open the choice of a priority."""
        self.act(OpenPriorities())


class QrCode(Widget):  # type: ignore[misc]  # Kivy ships no types
    """A QR code of a text, sharp at any size."""

    text = StringProperty("")
    texture = ObjectProperty(None, allownone=True)

    def on_text(self, *_: object) -> None:
        """Make the code."""
        self.texture = qr_texture(self.text) if self.text else None


def qr_texture(text: str) -> Texture:
    """Give a QR code as a texture of one pixel a module, quiet zone included."""
    rows = [bytes(0 if dark else 255 for dark in row) for row in segno.make_qr(text, error="m").matrix_iter(border=QUIET_ZONE)]  # fmt: skip  # noqa: E501 - one list
    texture = Texture.create(size=(len(rows[0]), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    texture.blit_buffer(b"".join(reversed(rows)), colorfmt="luminance", bufferfmt="ubyte")
    return texture


class KeyTile(TouchPanel):
    """A key of the keyboard on the screen: a letter, or an icon."""

    text = StringProperty("")
    icon = StringProperty("")


class KeyRow(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A row of keys; `pressed` is told the letter."""

    keys = ObjectProperty(())
    pressed = ObjectProperty()

    def on_keys(self, *_: object) -> None:
        """Show the keys."""
        self.clear_widgets()
        for key in self.keys:
            if not key:
                self.add_widget(Widget())
                continue
            tile = KeyTile(text=key)
            tile.bind(on_release=lambda touched: self.pressed(touched.text))
            self.add_widget(tile)
