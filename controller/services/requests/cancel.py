"""Taking a number back, by whoever holds its token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.domain.commands import Cancel

if TYPE_CHECKING:
    from broker.contract.payloads import TokenRequest


def cancel_of(asked: TokenRequest) -> Cancel:
    """Give the command for a cancellation."""
    return Cancel(token=asked.token)
