"""Parts that several views are made of: tiles, choices, details, keys; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tile:
    """A group or a service to be touched; `above` is what it belongs to."""

    id: str
    letter: str
    icon: str
    name: str
    note: str = ""
    wait: str = ""
    closed: bool = False
    above: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to choose."""

    id: str
    name: str
    chosen: bool = False
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """A label over a value."""

    icon: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a keyboard: rows of characters, the word on the space bar, and what the key for Telex says it is.

    Without a word on the space bar there is neither.
    """

    rows: tuple[tuple[str, ...], ...]
    space: str = ""
    telex: str = ""
    telex_on: bool = False
