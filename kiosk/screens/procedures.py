"""Procedures to read: a list of them, and the text of one."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from devices.screen.widgets import Panel, TouchPanel
from kiosk.flow.actions import NumberForThis, ReadProcedure
from kiosk.screens.parts import BodyScreen
from kiosk.views import procedures

Builder.load_file(str(Path(__file__).with_name("procedures.kv")), encoding="utf-8")


class TitleTile(TouchPanel):
    """A procedure in a list, as high as its name needs."""

    tile = ObjectProperty(procedures.TitleTile("", "", ""), rebind=True)
    name_style = StringProperty("label")


class TitleList(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """Procedures one below another; `chose` is told the code of the one that was touched."""

    tiles = ObjectProperty(())
    chose = ObjectProperty()
    name_style = StringProperty("label")

    def on_tiles(self, *_: object) -> None:
        """Show the tiles."""
        self.clear_widgets()
        for tile in self.tiles:
            child = TitleTile(tile=tile, name_style=self.name_style)
            child.bind(on_release=lambda touched: self.chose(touched.tile.id))
            self.add_widget(child)


class TitlesScreen(BodyScreen):
    """The procedures of a group."""

    def read(self, code: str) -> None:
        """Read one."""
        self.act(ReadProcedure(code))


class ReadHead(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The head of a section, with its icon."""

    icon = StringProperty("")
    text = StringProperty("")


class ReadRow(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A text, or a paper with its number."""

    mark = StringProperty("")
    text = StringProperty("")
    side = NumericProperty(0)


class ReadStart(Panel):
    """A head with the first piece beneath it: a page is never turned between the two."""


class SectionList(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """All sections one below another."""

    sections = ObjectProperty(())

    def on_sections(self, *_: object) -> None:
        """Show the sections."""
        self.clear_widgets()
        for section in self.sections:
            first, *others = (ReadRow(mark=part.mark, text=part.text) for part in section.parts)
            start = ReadStart()
            start.add_widget(ReadHead(icon=section.icon, text=section.head))
            start.add_widget(first)
            self.add_widget(start)
            for row in others:
                self.add_widget(row)


class ReadScreen(BodyScreen):
    """The text of a procedure, and the way to a number for it."""

    def take(self) -> None:
        """Take a number."""
        self.act(NumberForThis())
