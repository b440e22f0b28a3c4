"""The named errors of the contract.

    Refused            a command was judged and refused; nothing was done
        code           one of Code
        detail         an English sentence for logs and `detail` of problem+json; never shown to citizens

Texts for people are in `texts/` by code, read through `broker.runtime.catalogue`.
"""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Error codes of requests, presses, actions and HTTP calls (contract 9)."""

    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    UNKNOWN_SERVICE = "unknown_service"
    SERVICE_CLOSED = "service_closed"
    QUOTA_REACHED = "quota_reached"
    CENTRE_CLOSED = "centre_closed"
    NOT_ALLOWED = "not_allowed"
    TOO_MANY_TICKETS = "too_many_tickets"
    ALREADY_RATED = "already_rated"
    NOT_RATEABLE = "not_rateable"
    BAD_STATE = "bad_state"
    NOTHING_WAITING = "nothing_waiting"
    COUNTER_CLOSED = "counter_closed"
    EXPIRED = "expired"
    TRY_AGAIN = "try_again"


class PrintError(StrEnum):
    """Why a slip was not printed (contract 7)."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    CUTTER = "cutter"
    EXPIRED = "expired"


class RefusedError(Exception):
    """A command that was judged and refused; nothing was done."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(detail or code.value)
        self.code = code
        self.detail = detail
