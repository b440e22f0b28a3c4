"""What a screen shows where procedures are read, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TitleTile:
    """A procedure in a list; `note` is its code or its group. It is as high as its name is long."""

    id: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadPart:
    """A piece of what is read; `mark` is the number of a paper."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class ReadSection:
    """What is read under one head."""

    icon: str
    head: str
    parts: tuple[ReadPart, ...]


@dataclass(frozen=True, slots=True)
class TitlesBody:
    """Procedures of one group: those from place `stretch` on; `which` says which of how many, empty for all."""

    title: str
    subtitle: str
    icon: str
    tiles: tuple[TitleTile, ...]
    search: str = ""
    stretch: int = 0
    has_before: bool = False
    has_after: bool = False
    which: str = ""


@dataclass(frozen=True, slots=True)
class ReadBody:
    """A procedure. `take` takes a number for it, or where it is empty `note` says why that cannot be."""

    title: str
    code: str
    sections: tuple[ReadSection, ...]
    take: str
    note: str
