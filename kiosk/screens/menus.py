"""The menus: groups, the services of one, priorities."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import OpenGroup, TakePriority, TakeService
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("menus.kv")), encoding="utf-8")


class GroupsScreen(BodyScreen):
    """All groups in a grid, the services that are chosen most above them."""

    def open_group(self, group: str) -> None:
        """Open a group."""
        self.act(OpenGroup(group))

    def take(self, service: str) -> None:
        """Ask for a number."""
        self.act(TakeService(service))


class ServicesScreen(BodyScreen):
    """The services of one group."""

    def take(self, service: str) -> None:
        """Ask for a number."""
        self.act(TakeService(service))


class ChoiceScreen(BodyScreen):
    """The choice of a priority."""

    def choose(self, priority: str) -> None:
        """Choose one."""
        self.act(TakePriority(priority))
