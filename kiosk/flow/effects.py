"""What the flow wants done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kiosk.flow.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.payloads import Text, Ticket
    from kiosk.flow.series import Series


@dataclass(frozen=True, slots=True)
class Ask:
    """Send a request and repeat it with the same id until it is answered or forgotten."""

    id: str
    op: str
    fields: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Forget:
    """Stop repeating a request."""

    id: str


@dataclass(frozen=True, slots=True)
class VoidPrint:
    """Have the own printer never print for a request; answered by `VoidAnswered`."""

    request: str


@dataclass(frozen=True, slots=True)
class KeepOffline:
    """Write an offline number and its series to disk, and hand it in until the controller answers.

    `real` is when it was given, in seconds of the monotonic clock, `name` what its service was called.
    """

    id: str
    number: str
    fields: Mapping[str, Any] = field(repr=False)
    series: Series
    real: float
    name: Text = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class KeepSeries:
    """Write a series to disk that goes on behind numbers which this disk does not know."""

    series: Series


@dataclass(frozen=True, slots=True)
class PrintOffline:
    """Print the slip of an offline ticket on the own printer; answered by `SlipEnded`."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Remember:
    """Write to disk what should be known after a restart."""


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


Effect = (
    Ask | Forget | VoidPrint | KeepOffline | KeepSeries | PrintOffline | Remember
    | CheckPin | LookAround | PrintTrial | Leave
)  # fmt: skip
Transition = tuple[State, tuple[Effect, ...]]
"""The state after an event, and what is to be done."""
