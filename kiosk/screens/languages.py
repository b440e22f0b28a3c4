"""The page of all languages."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import Speak
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("languages.kv")), encoding="utf-8")


class LanguagesScreen(BodyScreen):
    """Every language as a large tile, with a mark on the one that is spoken."""

    def choose(self, lang: str) -> None:
        """Choose one."""
        self.act(Speak(lang))
