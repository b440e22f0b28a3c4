"""Which requests were answered: a repeat gets the first answer, the same id with other content is refused.

Only the ids are in memory, as hashes; the answers are read from disk when a repeat asks for one. Each sender may have
so many kept answers and no more, so that nobody fills the disk: none is dropped before its 48 hours are over.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from broker.contract.errors import Code, RefusedError
from controller.services.journal.ports import FAR, HOLDER, KEEP_REQUESTS_MS, VOID, StoredAnswer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from controller.services.journal.ports import IdempotencyKey

Outcome = dict[str, Any] | RefusedError

MOST_OF_A_HOLDER = 32
"""Kept answers to whoever holds one slip: a rating is sent once, and its page sends a new key each time it is shown."""

MOST_OF_A_SENDER = 50_000
"""Kept answers to one device or user: a ticket every 4 seconds, day and night, for 48 hours."""

ARRIVALS = 1000
"""Requests whose first arrival is remembered while they have no answer; the oldest of more are forgotten."""


@dataclass(frozen=True, slots=True)
class RepeatedRequest:
    """A request whose first answer is on disk, or will be with this batch."""

    key: IdempotencyKey


def digest_of(content: Mapping[str, Any]) -> str:
    """Tell a request's content apart from another's; `id` and `at` do not count, nor does the mark of a person.

    A digest is kept longer than a mark, and of two requests of one person it would be the same.
    """
    told = {name: value for name, value in content.items() if name not in ("id", "at", "person")}
    return blake2b(json.dumps(told, sort_keys=True, default=str).encode(), digest_size=12).hexdigest()


class IdempotencyStore:
    """Ids of answered requests with the instant of their answer."""

    def __init__(self) -> None:
        self._known: dict[str, dict[bytes, int]] = {}
        self.answered_at: dict[str, int] = {}
        """When each sender was last answered, as far as the disk tells."""
        self._arrivals: OrderedDict[tuple[str, bytes], int] = OrderedDict()

    def learn(self, keys: Iterable[tuple[str, str, int]]) -> None:
        """Begin again with (sender, id, instant) as they stand on disk."""
        self._known = {}
        for sender, request, at in keys:
            self._put(sender, request, at)
            if at < FAR:
                self.answered_at[sender] = max(at, self.answered_at.get(sender, 0))

    def knows(self, sender: str, request: str) -> bool:
        """Tell whether this request was answered or given up."""
        kept = self._known.get(sender)
        return kept is not None and _hash(request) in kept

    def is_full(self, sender: str) -> bool:
        """Return whether a sender has as many kept answers as it may have."""
        most = MOST_OF_A_HOLDER if sender.startswith(HOLDER) else MOST_OF_A_SENDER
        return len(self._known.get(sender, ())) >= most

    def arrived(self, key: IdempotencyKey, now: int) -> int:
        """Give when a request first came, which may be before a repeat of it could be answered."""
        first = self._arrivals.setdefault((key.sender, _hash(key.id)), now)
        while len(self._arrivals) > ARRIVALS:
            self._arrivals.popitem(last=False)
        return first

    def note(self, key: IdempotencyKey, outcome: Outcome, at: int) -> StoredAnswer | None:
        """Remember an outcome and give the row that keeps it; `try_again` is never remembered."""
        if isinstance(outcome, RefusedError):
            if outcome.code is Code.TRY_AGAIN:
                return None
            reply = to_json({"code": outcome.code.value, "detail": outcome.detail})
        else:
            reply = to_json({"result": outcome})
        self._put(key.sender, key.id, at)
        return StoredAnswer(key.sender, key.id, key.digest, reply.decode(), at)

    def void(self, sender: str, request: str, at: int) -> StoredAnswer | None:
        """Give up a request that was never answered: it may never do anything; None when it was answered."""
        if self.knows(sender, request):
            return None
        self._put(sender, request, FAR)
        return StoredAnswer(
            sender, request, VOID, to_json({"code": Code.EXPIRED.value, "detail": "given up"}).decode(), at
        )

    def forget_before(self, at: int) -> None:
        """Drop what is no longer kept at an instant."""
        oldest = at - KEEP_REQUESTS_MS
        kept = {
            sender: {request: noted for request, noted in requests.items() if noted >= oldest}
            for sender, requests in self._known.items()
        }
        self._known = {sender: requests for sender, requests in kept.items() if requests}

    def _put(self, sender: str, request: str, at: int) -> None:
        self._known.setdefault(sender, {})[_hash(request)] = at


def first_answer(key: IdempotencyKey, answered: StoredAnswer | None) -> Outcome:
    """Give what a repeat is told: the first answer, or bad_request when its content is another."""
    if answered is None:
        return RefusedError(Code.TRY_AGAIN, "the first answer is not on disk")
    if answered.digest not in (key.digest, VOID):
        return RefusedError(Code.BAD_REQUEST, "this id was used for another request")
    try:
        return _outcome(answered.reply)
    except (ValueError, KeyError, TypeError, RecursionError):
        # It was answered once, so it must not be done again; and `try_again` would be repeated for ever.
        return RefusedError(Code.BAD_REQUEST, "this was answered before, and the answer can no longer be read")


def _outcome(text: str) -> Outcome:
    reply = json.loads(text)
    if "code" in reply:
        return RefusedError(Code(reply["code"]), str(reply["detail"]))
    result: dict[str, Any] = reply["result"]
    if not isinstance(result, dict):
        raise TypeError("a result is an object")
    return result


def _hash(request: str) -> bytes:
    return blake2b(request.encode(), digest_size=16).digest()
