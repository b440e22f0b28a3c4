"""`Idempotency-Key`: the same call with the same key gets the first answer and is done once."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from typing import TYPE_CHECKING

from broker.contract.errors import Code
from controller.http.responses.problems import ProblemError
from controller.services.journal.ports import KEEP_REQUESTS_MS, IdempotencyKey

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from broker.runtime.clock import Clock

REMEMBERED = 10_000

LONGEST_KEY = 128


async def request_digest(request: Request) -> str:
    """Return the digest of a call's content: method, path and body, however it is spaced, `at` aside."""
    raw = await request.body()
    try:
        content = json.loads(raw) if raw else None
    except ValueError as error:
        raise ProblemError(Code.BAD_REQUEST, "The body is not JSON.") from error
    if isinstance(content, dict):
        content.pop("at", None)
    call = json.dumps([request.method, request.scope["path"], content], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(call.encode()).hexdigest()


async def idempotency_key(request: Request, sender: str) -> IdempotencyKey | None:
    """Return the engine's key of a call, or None; senders over HTTP begin with `http:`, so that none is a device."""
    key = idempotency_header(request)
    return None if key is None else IdempotencyKey(f"http:{sender}", key, await request_digest(request))


def idempotency_header(request: Request) -> str | None:
    """Return the `Idempotency-Key` of a call, or None without one; one that is too long is a ProblemError."""
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= LONGEST_KEY:
        raise ProblemError(Code.BAD_REQUEST, f"An Idempotency-Key has 1 to {LONGEST_KEY} characters.")
    return key


class SecretResponses:
    """First responses that hold a secret, by idempotency key: in memory only, so that no secret is on disk."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._answers: OrderedDict[tuple[str, str], tuple[str, int, asyncio.Future[Response]]] = OrderedDict()

    async def once(self, key: IdempotencyKey | None, work: Callable[[], Awaitable[Response]]) -> Response:
        """Do the work, or give the first answer to this key; a call that failed is not remembered."""
        if key is None:
            return await work()
        self._forget()
        known = self._answers.get((key.sender, key.id))
        if known is not None:
            if known[0] != key.digest:
                raise ProblemError(Code.BAD_REQUEST, "This Idempotency-Key belongs to another call.")
            return await asyncio.shield(known[2])
        answer: asyncio.Future[Response] = asyncio.get_running_loop().create_future()
        self._answers[key.sender, key.id] = (key.digest, self._clock.now(), answer)
        try:
            response = await work()
        except BaseException as error:
            self._answers.pop((key.sender, key.id), None)
            answer.set_exception(error if isinstance(error, Exception) else ProblemError(Code.TRY_AGAIN, "Cut off."))
            answer.exception()
            raise
        answer.set_result(response)
        return response

    def _forget(self) -> None:
        oldest = self._clock.now() - KEEP_REQUESTS_MS
        while self._answers:
            first = next(iter(self._answers))
            if self._answers[first][1] >= oldest and len(self._answers) < REMEMBERED:
                return
            del self._answers[first]
