"""What each op of a request means: its fields are read, its command is queued (contract 4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from broker.contract.errors import Code, Refused
from broker.contract.payloads import (
    IssueRequest,
    Kind,
    LookupRequest,
    Payload,
    ProceduresRequest,
    RateRequest,
    Request,
    TokenRequest,
)
from broker.contract.times import format_instant
from controller.services.requests.cancel import cancel_of
from controller.services.requests.issue import Outages, issue_from_kiosk
from controller.services.requests.lookup import look_up
from controller.services.requests.rate import rate_from
from controller.services.requests.reprint import reprint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from broker.runtime.clock import Clock
    from controller.domain.centre.model import Device
    from controller.services.day_key import DayKey
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import Key, Store
    from controller.services.procedures import Procedures

P = TypeVar("P", bound=Payload)


class Desk:
    """Takes readable requests of devices that may ask."""

    def __init__(
        self, engine: Engine, store: Store, clock: Clock, outages: Outages, procedures: Procedures, day_key: DayKey
    ) -> None:
        self._engine = engine
        self._store = store
        self._clock = clock
        self._outages = outages
        self._library = procedures
        self._day_key = day_key
        self._reading: set[asyncio.Task[dict[str, Any]]] = set()
        self._ops: dict[str, Callable[[Request, Device, Key], asyncio.Future[dict[str, Any]]]] = {
            "issue": self._issue,
            "lookup": self._lookup,
            "cancel": self._cancel,
            "reprint": self._reprint,
            "rate": self._rate,
            "time": self._time,
            "procedures": self._procedures,
        }

    def take(self, request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        """Queue a request and give the future of its result; what cannot be read is `bad_request`."""
        op = self._ops.get(request.op)
        if op is None:
            return self._engine.refuse(Refused(Code.BAD_REQUEST, f"there is no op {request.op[:32]!r}"), key=key)
        try:
            done = op(request, device, key)
        except Refused as refused:
            done = self._engine.refuse(refused, key=key)
        if (request.model_extra or {}).get("offline") is None:
            done.add_done_callback(lambda _: self._outages.answered(device.id, self._clock.now()))
        return done

    def _issue(self, request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        asked = _fields(IssueRequest, request)
        command = issue_from_kiosk(
            asked, device, request.id, sent_at=request.at, arrived_at=self._clock.now(), outages=self._outages
        )
        if command.offline is not None:
            # On disk before the answer, which a restart would otherwise take for the end of this outage.
            self._engine.submit(None, also=self._outages.keep).add_done_callback(_settled)
        return self._engine.submit(command, key=key)

    def _lookup(self, request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        asked = _fields(LookupRequest, request)
        return self._read(self._look_up(asked, key), f"lookup-{device.id}")

    def _procedures(self, request: Request, device: Device, _key: Key) -> asyncio.Future[dict[str, Any]]:
        """Read a page; nothing is done by it, so a repeat reads again and its answer is not kept for two days."""
        asked = _fields(ProceduresRequest, request)
        return self._read(self._library.page(asked.revision, asked.after), f"procedures-{device.id}")

    def _read(self, work: Coroutine[Any, Any, dict[str, Any]], name: str) -> asyncio.Future[dict[str, Any]]:
        reading = asyncio.create_task(work, name=name)
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return reading

    async def _look_up(self, asked: LookupRequest, key: Key) -> dict[str, Any]:
        try:
            found = await look_up(self._engine, self._store, token=asked.token, number=asked.number)
        except Refused as refused:
            answer: dict[str, Any] = await self._engine.refuse(refused, key=key)
        else:
            answer = await self._engine.inquire(lambda _hall, _now: found, key=key)
        return answer

    def _cancel(self, request: Request, _device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        return self._engine.submit(cancel_of(_fields(TokenRequest, request)), key=key)

    def _reprint(self, request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        return self._engine.submit(reprint_of(_fields(TokenRequest, request), device, request.id), key=key)

    def _rate(self, request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        return self._engine.submit(rate_from(_fields(RateRequest, request), device), key=key)

    def _time(self, _request: Request, device: Device, key: Key) -> asyncio.Future[dict[str, Any]]:
        asked = self._engine.inquire(lambda _hall, now: {"now": format_instant(now)}, key=key)
        return self._read(self._with_key(asked), f"time-{device.id}") if device.kind is Kind.KIOSK else asked

    async def _with_key(self, asked: asyncio.Future[dict[str, Any]]) -> dict[str, Any]:
        """Add the key of the day to an answer that is kept without it."""
        answer, told = await asked, await self._day_key.tell()
        return answer if told is None else answer | {"identity": told}


def _settled(kept: asyncio.Future[dict[str, Any]]) -> None:
    """Hear how it ended: what the store did not take, its hand-in was not in either, and is asked again."""
    if not kept.cancelled():
        kept.exception()


def _fields(model: type[P], request: Request) -> P:
    try:
        return model.model_validate(request.model_extra or {})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
        raise Refused(Code.BAD_REQUEST, faults) from error
