"""What a finger can do at a kiosk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """Look for a service by typing."""


@dataclass(frozen=True, slots=True)
class ToggleTelex:
    """Type Vietnamese with Telex, or every key as it is."""


@dataclass(frozen=True, slots=True)
class TakeNumber:
    """Confirm that a number for the service that is shown is wanted."""


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Ask to give the number that is shown back."""


@dataclass(frozen=True, slots=True)
class CancelNumber:
    """Confirm that the number is to be given back."""


@dataclass(frozen=True, slots=True)
class Begin:
    """Start from the first screen."""


@dataclass(frozen=True, slots=True)
class GoHome:
    """Back to the first screen."""


@dataclass(frozen=True, slots=True)
class GoBack:
    """One screen back."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Answer the idle warning."""


@dataclass(frozen=True, slots=True)
class WalkAway:
    """Nobody needs this kiosk any more."""


@dataclass(frozen=True, slots=True)
class OpenModes:
    """Open the choice of how the screen shall be, or close it."""


@dataclass(frozen=True, slots=True)
class ToggleMode:
    """Choose a mode of the screen or take it back."""

    mode: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Choose a language."""

    lang: str


@dataclass(frozen=True, slots=True)
class OpenLanguages:
    """Open the choice of a language, or close it."""


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Choose a group of services."""

    group: str


@dataclass(frozen=True, slots=True)
class TakeService:
    """Choose a service, and with it ask for a number."""

    service: str


@dataclass(frozen=True, slots=True)
class OpenPriorities:
    """Open the choice of a priority."""


@dataclass(frozen=True, slots=True)
class TakePriority:
    """Choose a priority, or `normal`."""

    priority: str


@dataclass(frozen=True, slots=True)
class OpenFind:
    """Look for a slip, to see where it stands or to rate."""


@dataclass(frozen=True, slots=True)
class TypeKey:
    """A key of the keyboard on the screen."""

    key: str


@dataclass(frozen=True, slots=True)
class EraseKey:
    """Take the last key back."""


@dataclass(frozen=True, slots=True)
class LookUp:
    """Look for the number that was typed."""


@dataclass(frozen=True, slots=True)
class GiveScore:
    """Choose a level of the question that stands."""

    score: int


@dataclass(frozen=True, slots=True)
class ToggleReason:
    """Choose a reason or take it back."""

    code: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Go on from the reasons."""


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
class OpenProcedures:
    """Look procedures up: which papers, what fee, how long."""


@dataclass(frozen=True, slots=True)
class ReadProcedure:
    """Read a procedure."""

    code: str


@dataclass(frozen=True, slots=True)
class TurnList:
    """Go on in a list that is too long to stand as a whole: 1 forwards, -1 back."""

    by: int


@dataclass(frozen=True, slots=True)
class NumberForThis:
    """Take a number for the procedure that is read."""


ReadingAction = OpenProcedures | ReadProcedure | TurnList | NumberForThis


Action = (
    Begin | GoHome | GoBack | Stay | Speak | OpenGroup | TakeService | OpenPriorities | TakePriority | OpenFind
    | WalkAway | OpenModes | ToggleMode | TypeKey | EraseKey | LookUp | GiveScore | ToggleReason | GoOn
    | OpenStaff | PinKey | PinErase | PinEnter | TakeTask | ReadingAction
    | OpenSearch | ToggleTelex | TakeNumber | AskCancel | CancelNumber | OpenLanguages
)  # fmt: skip
