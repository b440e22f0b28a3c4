"""What somebody does who presses everything: touches, drags, other buttons, every key alone and with others; pure.

Each act is a short list of events that leaves nothing held down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deploy.driver.hand import Event, lifted, moved, pressed

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

CHORDS = (("Control_L",), ("Alt_L",), ("Shift_L",), ("Super_L",), ("Control_L", "Alt_L"), ("Control_L", "Shift_L"),
          ("Alt_L", "Shift_L"), ("Super_L", "Control_L"))  # fmt: skip
"""Modifiers that are held while a key is pressed."""
WHEELS = (4, 5, 6, 7)
OTHER_BUTTONS = (2, 3, 8, 9)


def key(code: int, *held: int) -> list[Event]:
    """Press a key while others are held."""
    down = [pressed("key", one) for one in held]
    up = [lifted("key", one) for one in reversed(held)]
    return [*down, pressed("key", code), lifted("key", code), *up]


def click(place: tuple[int, int], button: int = 1) -> list[Event]:
    """Press a button at a place."""
    return [moved(*place), pressed("button", button), lifted("button", button)]


def drag(start: tuple[int, int], end: tuple[int, int]) -> list[Event]:
    """Put a finger down, draw it away, and lift it."""
    middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
    return [moved(*start), pressed("button", 1), moved(*middle), moved(*end), lifted("button", 1)]


def two_buttons(place: tuple[int, int]) -> list[Event]:
    """Press two buttons at once, as where a second finger is simulated."""
    down = [pressed("button", 1), pressed("button", 3)]
    return [moved(*place), *down, lifted("button", 1), lifted("button", 3)]


class Mischief:
    """Acts by lot: first every key once alone and once with a modifier, a touch after each, then anything."""

    def __init__(
        self, dice: random.Random, size: tuple[int, int], keys: Sequence[int], chords: Sequence[Sequence[int]]
    ) -> None:
        self._dice, self._size = dice, size
        self._keys, self._chords = keys, chords

    def acts(self) -> Iterator[list[Event]]:
        """Give acts without end."""
        for code in self._keys:
            yield key(code)
            yield click(self._place())
        for code in self._keys:
            yield key(code, *self._dice.choice(self._chords))
            yield click(self._place())
        while True:
            yield self._anything()

    def _anything(self) -> list[Event]:
        dice, place = self._dice, self._place()
        chance = dice.random()
        if chance < 0.45:
            return click(place)
        if chance < 0.7:
            return key(dice.choice(self._keys))
        if chance < 0.8:
            return key(dice.choice(self._keys), *dice.choice(self._chords))
        if chance < 0.85:
            return click(place, dice.choice(OTHER_BUTTONS))
        if chance < 0.9:
            return click(place, dice.choice(WHEELS))
        return two_buttons(place) if chance < 0.94 else drag(place, self._place())

    def _place(self) -> tuple[int, int]:
        return self._dice.randrange(self._size[0]), self._dice.randrange(self._size[1])
