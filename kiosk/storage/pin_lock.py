"""How often a PIN may be tried: five times, then once after a pause that doubles each time; also over restarts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import structlog

from broker.runtime.clock import real_seconds
from broker.runtime.files import write_safely
from broker.runtime.pin import fits

if TYPE_CHECKING:
    from pathlib import Path

    from broker.runtime.clock import Clock

log = structlog.get_logger()

FREE = 5
"""Wrong tries before the first pause."""
FIRST_S = 30.0
LONGEST_S = 3600.0


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries since the last right one, and when the last was, in milliseconds."""

    wrong: int = 0
    at: int = 0

    @property
    def pause_s(self) -> float:
        """The pause that the last wrong try has brought."""
        return 0.0 if self.wrong < FREE else min(LONGEST_S, FIRST_S * 2.0 ** min(self.wrong - FREE, 20))

    def left_s(self, passed_s: float) -> float:
        """Give the seconds until the next try; a clock that is behind the last one begins the pause again."""
        return max(0.0, self.pause_s - max(0.0, passed_s))

    def after_wrong(self, now: int) -> Tries:
        """Give the tries with one more."""
        return Tries(self.wrong + 1, now)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a try came to: whether it was right, and the seconds until the next one."""

    ok: bool
    left_s: float = 0.0


class PinLock:
    """The tries at one kiosk, in a file. `check` blocks for a disk sync and for the hash: call it in a thread.

    A pause runs by the monotonic clock: an instant is asked only for how much of it is left at a start.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file = file
        self._clock = clock
        self._tries = _read(file, clock.now())
        self._until = clock.monotonic() + self._tries.left_s(real_seconds(clock, self._tries.at))

    @property
    def left_s(self) -> float:
        """The seconds until the next try."""
        return max(0.0, self._until - self._clock.monotonic())

    def check(self, pin: str, hashed: str) -> Verdict:
        """Try a PIN. It counts as wrong on disk before it is looked at, so that cutting the power buys no try."""
        if self.left_s > 0:
            return Verdict(ok=False, left_s=self.left_s)
        before = self._tries
        self._note(before.after_wrong(self._clock.now()))
        if fits(pin, hashed):
            self._note(Tries())
            return Verdict(ok=True)
        log.warning("pin_wrong", tries=self._tries.wrong)
        return Verdict(ok=False, left_s=self.left_s)

    def _note(self, tries: Tries) -> None:
        self._tries = tries
        self._until = self._clock.monotonic() + tries.pause_s
        try:
            write_safely(self._file, json.dumps(asdict(tries)))
        except OSError:
            log.exception("pin_tries_not_written", file=str(self._file))


def _read(file: Path, now: int) -> Tries:
    try:
        told = json.loads(file.read_text())
        return Tries(int(told["wrong"]), int(told["at"]))
    except FileNotFoundError:
        return Tries()
    except (OSError, ValueError, KeyError, TypeError):
        log.exception("pin_tries_unreadable", file=str(file))
        return Tries(FREE, now)
