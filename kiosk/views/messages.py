"""Screens that say one thing; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BusyBody:
    """Something is on its way."""

    title: str
    note: str


@dataclass(frozen=True, slots=True)
class MessageBody:
    """A message that fills the screen; `action` is the word on its one button, empty for none."""

    icon: str
    tone: str
    title: str
    note: str
    action: str = ""
