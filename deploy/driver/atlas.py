"""What a walk through the screens knows: which spots there are, which targets were touched, and the ways between; pure.

A spot is a kind of screen in a language with the words of its targets. A target counts once for a kind of screen,
whatever else stands there: forty keys of a keyboard are forty targets, not forty for each word that was typed.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

DIGITS = re.compile(r"\d+")
KEY_LENGTH = 2
"""Words as short as this are the keys of a keyboard: they are touched last, and their digits are told apart."""

AIMS = 12
"""So many touches are made at most on the way to one target: what is met only by chance is not walked to for ever."""

QUICK_KEYS, QUICK_SCREENS = 2, 2
"""How many keys of a keyboard, and how many kinds of screens for the same words, are enough for a quick walk."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the walk."""

    screen: str
    lang: str
    labels: frozenset[str]


def is_key(words: str) -> bool:
    """Tell whether words are those of a key of a keyboard."""
    return len(words) <= KEY_LENGTH


def label(words: str) -> str:
    """Give the words of a target that stay: what is called, without how many wait for it and without figures."""
    parts = words.split(" | ")
    name = next((part for part in parts if not is_key(part)), parts[0])
    return name if is_key(name) else DIGITS.sub("0", name)


def spot(screen: str, lang: str, targets: Iterable[str]) -> Spot:
    """Give the spot that a screen stands for."""
    return Spot(screen, lang, frozenset(label(words) for words in targets))


@dataclass(slots=True)
class Atlas:
    """The map of a walk in one language; targets in other languages are not asked for.

    What is `shy` is left alone. A `quick` walk touches few keys of a keyboard, and what is on every screen on few.
    """

    lang: str
    quick: bool = False
    shy: frozenset[str] = frozenset()
    ways: dict[Spot, dict[str, Spot]] = field(default_factory=dict)
    touched: set[tuple[str, str]] = field(default_factory=set)
    alive: set[tuple[str, str]] = field(default_factory=set)
    dead: set[tuple[str, str]] = field(default_factory=set)
    guesses: dict[tuple[str, str, str], Spot] = field(default_factory=dict)
    tries: dict[tuple[str, str], int] = field(default_factory=dict)
    aims: dict[tuple[str, str], int] = field(default_factory=dict)

    def meet(self, here: Spot) -> bool:
        """Hear of a spot; tell whether it is a new one."""
        new = here not in self.ways
        self.ways.setdefault(here, {})
        return new

    def led(self, here: Spot, words: str, there: Spot) -> None:
        """Hear where a touch led; one that is only slow today takes no way away that was known."""
        self.meet(here)
        self.meet(there)
        self.touched.add((here.screen, words))
        self.alive.add((here.screen, words))
        if there.screen == here.screen:
            self.ways[here].setdefault(words, there)
            for screen in (here.screen, ""):
                self.guesses.setdefault((screen, here.lang, words), there)
        else:
            self.corrected(here, words, there)

    def nowhere(self) -> list[str]:
        """Give the targets that never did anything, wherever they were touched."""
        return sorted(f"{screen}: {words}" for screen, words in self.dead - self.alive)

    def gave_up(self, here: Spot, words: str) -> None:
        """Hear that nothing changed as often as a touch was tried."""
        self.meet(here)
        self.ways[here][words] = here
        self.touched.add((here.screen, words))
        self.dead.add((here.screen, words))

    def still(self, here: Spot, words: str) -> int:
        """Hear of a touch after which nothing changed; give how often that was."""
        name = (here.screen, words)
        self.tries[name] = self.tries.get(name, 0) + 1
        return self.tries[name]

    def open(self, here: Spot) -> list[str]:
        """Give what was not yet touched on a spot and can be aimed at, in the order of `_later`."""
        return [words for words in self._left(here) if self.aims.get((here.screen, words), 0) < AIMS]

    def _left(self, here: Spot) -> list[str]:
        if here.lang != self.lang:
            return []
        left = [words for words in here.labels - self.shy if (here.screen, words) not in self.touched]
        if self.quick:
            left = [words for words in left if not self._enough(here, words)]
        return sorted(left, key=lambda words: (self._later(here, words), not words, words))

    def _enough(self, here: Spot, words: str) -> bool:
        """Tell whether a quick walk can do without a target."""
        if is_key(words):
            return sum(screen == here.screen and is_key(known) for screen, known in self.touched) >= QUICK_KEYS
        return sum(known == words for _, known in self.touched) >= QUICK_SCREENS

    def _later(self, here: Spot, words: str) -> int:
        """Tell how late a target is touched: keys of a keyboard after the others, and last what did nothing before."""
        return 2 if self.tries.get((here.screen, words)) else int(is_key(words))

    def untouched(self) -> set[tuple[str, str]]:
        """Give every target that was seen and not touched."""
        return {(here.screen, words) for here in self.ways for words in self._left(here)}

    def targets(self) -> set[tuple[str, str]]:
        """Give every target that was seen."""
        return {(here.screen, words) for here in self.ways if here.lang == self.lang for words in here.labels}

    def towards_open(self, here: Spot) -> list[str] | None:
        """Give the touches to the nearest target that was not touched, that one included; None when there is no way."""
        way = self._nearest(here)
        return way[0] if way else None

    def aim(self, here: Spot) -> str | None:
        """Give the next touch on the way to the nearest target that was not touched, and count it; None without one."""
        found = self._nearest(here)
        if found is None:
            return None
        way, goal = found
        self.aims[goal] = self.aims.get(goal, 0) + 1
        return way[0]

    def _nearest(self, here: Spot) -> tuple[list[str], tuple[str, str]] | None:
        for late in (0, 1, 2):
            for there, way in self._from(here):
                left = [words for words in self.open(there) if self._later(there, words) <= late]
                if left:
                    return [*way, left[0]], (there.screen, left[0])
        return None

    def reachable(self, screens: Collection[str]) -> bool:
        """Tell whether from some spot of such kinds a way leads to a target that was not touched."""
        return any(self.towards_open(at) for at in self.ways if at.screen in screens and at.lang == self.lang)

    def towards(self, here: Spot, screen: str) -> list[str] | None:
        """Give the touches to the nearest spot of a kind of screen; None when there is no known way."""
        for anywhere in (False, True):
            for there, way in self._from(here, anywhere=anywhere):
                if there.screen == screen and there.lang == self.lang:
                    return way
        return None

    def corrected(self, here: Spot, words: str, there: Spot) -> None:
        """Hear that a touch led further than was seen at first."""
        self.ways[here][words] = there
        for screen in (here.screen, ""):
            self.guesses[screen, here.lang, words] = there

    def _from(self, here: Spot, *, anywhere: bool = False) -> Iterator[tuple[Spot, list[str]]]:
        """Give every spot that can be reached, the nearest first, with the touches that lead there.

        Where a touch was not tried on a spot, it is taken to lead where it led on another of the same kind; with
        `anywhere`, on any.
        """
        waiting: deque[tuple[Spot, list[str]]] = deque([(here, [])])
        known = {here}
        while waiting:
            at, way = waiting.popleft()
            yield at, way
            for words in sorted(at.labels):
                there = self.ways.get(at, {}).get(words) or self._guess(at, words, anywhere=anywhere)
                if there is not None and there.lang == self.lang and there not in known:
                    known.add(there)
                    waiting.append((there, [*way, words]))

    def _guess(self, at: Spot, words: str, *, anywhere: bool) -> Spot | None:
        known = self.guesses.get((at.screen, at.lang, words))
        return known or (self.guesses.get(("", at.lang, words)) if anywhere else None)
