"""Looking for a service by typing: what is found appears while the keys are pressed."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.properties import BooleanProperty, NumericProperty

from kiosk.flow.actions import ReadProcedure, TakeService
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("search.kv")), encoding="utf-8")


class Results(BodyScreen):
    """What was found, or what to do."""

    def take(self, service: str) -> None:
        """Choose a service."""
        self.act(TakeService(service))

    def read(self, code: str) -> None:
        """Read a procedure."""
        self.act(ReadProcedure(code))


class SearchScreen(BodyScreen):
    """Field, keyboard and what is found, which has pages of its own: the keyboard stays where it is.

    Where not even that finds room it is `cramped`: the keyboard has a page of its own with the field once more above
    it, and what is found is `wider` by so many pixels.
    """

    tight = BooleanProperty(False)
    cramped = BooleanProperty(False)
    field_height = NumericProperty(0)
    wider = NumericProperty(0)

    def on_kv_post(self, base_widget: object) -> None:
        """Put what is found into its place."""
        super().on_kv_post(base_widget)
        self.pager = self.ids.place
        self.bind(minimum_height=self._measure, room=self._measure)
        self._results = Results(body=self.body, act=self.act)
        self.pager.put(self._results)

    def _measure(self, *_: object) -> None:
        added = self.field_height + global_idmap["scale"].space("s") + self.wider if self.cramped else 0
        self.cramped = self.upright and 0 < self.room < self.minimum_height - added - 1

    def on_body(self, *_: object) -> None:
        """Show what is found now, from its first page when something else was typed."""
        results = getattr(self, "_results", None)
        if results is None:
            return
        if results.body.typed != self.body.typed:
            self.pager.page = 0
        results.body = self.body
        self.pager.arrange()
