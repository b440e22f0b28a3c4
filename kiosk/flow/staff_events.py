"""What the staff can do at a kiosk, what can come of it, and what it wants done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.flow.state import About


@dataclass(frozen=True, slots=True)
class OpenStaff:
    """Ask for the staff's PIN."""


@dataclass(frozen=True, slots=True)
class PinKey:
    """Type a digit of the PIN."""

    digit: str


@dataclass(frozen=True, slots=True)
class PinErase:
    """Take the last digit back."""


@dataclass(frozen=True, slots=True)
class PinEnter:
    """Have the PIN looked at."""


@dataclass(frozen=True, slots=True)
class TakeTask:
    """Choose a task of the staff's menu."""

    task: str


@dataclass(frozen=True, slots=True)
class PinChecked:
    """A PIN was looked at: whether it is the staff's, and the seconds until another may be tried."""

    request: str
    ok: bool
    left_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LookedAround:
    """How the kiosk is."""

    about: About


@dataclass(frozen=True, slots=True)
class TrialEnded:
    """What became of a test slip."""

    request: str
    ok: bool | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CheckPin:
    """Look at a PIN; answered by `PinChecked`."""

    id: str
    pin: str


@dataclass(frozen=True, slots=True)
class LookAround:
    """Tell how the kiosk is; answered by `LookedAround`."""


@dataclass(frozen=True, slots=True)
class PrintTrial:
    """Print a test slip on the own printer; answered by `TrialEnded`."""

    id: str


@dataclass(frozen=True, slots=True)
class Leave:
    """End the program, or begin it anew."""

    restart: bool
