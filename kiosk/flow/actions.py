"""What a finger can do where a service is searched, and where something is asked before it is done."""

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
