"""A code reader is a keyboard that types faster than a person: keys in, codes and the keys of persons out; pure.

    reader = CodeReader()
    heard = reader.press(key, now)      a key went down
    heard = reader.types("ư")           what it types, or what an input method gives
    heard = reader.look(now)            time has passed; needed while `reader.pending`

What a person presses comes back in `heard.free`, in order, at most `FAST_S` after it was pressed; what a reader typed
never does. A code ends with Enter or Tab, or with silence. What holds control characters or is too long is refused as
a whole: `heard.refused`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from kiosk.flow.keys import Key

FAST_S: Final = 0.05
"""A key that follows another within this time may be a reader's: readers take 1 to 40 ms, people 80 ms and more."""
SURE: Final = 4
"""So many keys in a row as fast as that, and it is a reader: nobody types so, but for two keys that roll over."""
PATIENCE_S: Final = 0.4
"""So long a pause is forgiven a reader: the kiosk may have been drawing a screen, or a radio reader waits for air."""
SHORTEST: Final = 6
LONGEST: Final = 512
"""A card with the names of the parents has about 250 characters."""
HELD: Final = 8
"""So many times the same character and nothing else, and it is a key that is held down."""
ENDS: Final = ("enter", "tab")


@dataclass(frozen=True, slots=True)
class Scan:
    """A code that a reader read: in the American layout, which readers use, and as the computer's layout typed it."""

    meant: str = field(repr=False)
    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class KeyReading:
    """What became of the keys: a code, keys that a person pressed, or a code that is refused."""

    scan: Scan | None = None
    free: tuple[Key, ...] = ()
    refused: bool = False


NOTHING: Final = KeyReading()


@dataclass
class CodeReader:
    """Tells a code reader from a person; see the module's head."""

    _keys: list[Key] = field(default_factory=list)
    _last: float = float("-inf")
    _sure: bool = False
    _refusing: bool = False

    @property
    def pending(self) -> bool:
        """Tell whether keys are held back until it is known whose they are."""
        return bool(self._keys) or self._refusing

    def press(self, key: Key, now: float) -> KeyReading:
        """Take a key that went down at a time in seconds."""
        before = self.look(now)
        heard = self._take(key)
        self._last = now
        return KeyReading(before.scan or heard.scan, before.free + heard.free, before.refused or heard.refused)

    def types(self, text: str) -> KeyReading:
        """Take what the last key types; what comes without a key is a person's."""
        if self._refusing or not text:
            return NOTHING
        if not self._keys:
            return KeyReading(free=(Key("", typed=text),))
        self._keys[-1] = replace(self._keys[-1], typed=self._keys[-1].typed + text)
        return NOTHING

    def look(self, now: float) -> KeyReading:
        """Let time pass: silence ends a code, and frees what a person pressed."""
        if not self.pending or now - self._last <= self._forgiven:
            return NOTHING
        return self._end()

    @property
    def _forgiven(self) -> float:
        return PATIENCE_S if self._sure else FAST_S

    @property
    def _one_key(self) -> bool:
        return len({key.meant for key in self._keys}) == 1

    def _take(self, key: Key) -> KeyReading:
        if self._refusing:
            return self._end() if key.name in ENDS else NOTHING
        if not self._keys and not key.meant:
            return KeyReading(free=(key,))
        if key.name in ENDS:
            return self._end(key) if self._sure else self._release(key)
        if not key.meant or len(self._keys) >= LONGEST:
            return self._refuse() if self._sure else self._release(key)
        self._keys.append(key)
        self._sure = self._sure or len(self._keys) >= SURE
        return self._held_down()

    def _held_down(self) -> KeyReading:
        """Let go of a key that repeats because it is held down; the last one may not have typed yet."""
        keys = self._keys
        if len(keys) < HELD or not self._one_key:
            return NOTHING
        self._keys, self._sure = keys[-1:], False
        return KeyReading(free=tuple(keys[:-1]))

    def _release(self, *more: Key) -> KeyReading:
        keys, self._keys, self._sure = self._keys, [], False
        return KeyReading(free=(*keys, *more))

    def _refuse(self) -> KeyReading:
        self._keys, self._refusing = [], True
        return NOTHING

    def _end(self, *end: Key) -> KeyReading:
        if self._refusing:
            self._refusing = self._sure = False
            return KeyReading(refused=True)
        if not self._sure or self._one_key or len(self._keys) < SHORTEST:
            return self._release(*end)
        keys, self._keys, self._sure = self._keys, [], False
        return KeyReading(Scan("".join(key.meant for key in keys), "".join(key.typed for key in keys)))
