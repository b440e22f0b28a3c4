"""The ops that devices may request: the fields of each, who may send it, and the command it queues (contract 4)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from broker.contract.errors import Code, RefusedError
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
from controller.services.requests.issue import KioskOutages, issue_from_kiosk
from controller.services.requests.lookup import look_up
from controller.services.requests.rate import rate_from
from controller.services.requests.reprint import reprint_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from controller.domain.centre.model import Device
    from controller.mqtt.dependencies import MqttDependencies
    from controller.services.journal.ports import IdempotencyKey

P = TypeVar("P", bound=Payload)

KIOSK: Final = frozenset({Kind.KIOSK})
KIOSK_AND_RATER: Final = frozenset({Kind.KIOSK, Kind.RATER})

Result = asyncio.Future[dict[str, Any]]


class Sender(NamedTuple):
    """The request that asked for an op, the device that sent it, and its idempotency key."""

    request: Request
    device: Device
    key: IdempotencyKey


class Op(NamedTuple, Generic[P]):
    """An op of the contract: the fields it reads, the function that runs it, and which kinds of device may send it."""

    fields: type[P]
    run: Callable[[P, Sender], Result]
    senders: frozenset[Kind] = KIOSK


class OpHandlers:
    """The ops of requests by name; each queues a command or reads what is asked for."""

    def __init__(self, deps: MqttDependencies, outages: KioskOutages) -> None:
        self._engine = deps.engine
        self._store = deps.store
        self._clock = deps.clock
        self._outages = outages
        self._procedures = deps.procedures
        self._day_key = deps.day_key
        self._reading: set[Result] = set()
        self._ops: dict[str, Op[Any]] = {
            "issue": Op(IssueRequest, self._issue),
            "lookup": Op(LookupRequest, self._lookup),
            "cancel": Op(TokenRequest, self._cancel),
            "reprint": Op(TokenRequest, self._reprint),
            "rate": Op(RateRequest, self._rate, KIOSK_AND_RATER),
            "time": Op(Payload, self._time, KIOSK_AND_RATER),
            "procedures": Op(ProceduresRequest, self._page),
        }

    def allows(self, kind: Kind, op: str) -> bool:
        """Return whether a kind of device may send an op; a kiosk may send any, also one that does not exist."""
        return kind in (self._ops[op].senders if op in self._ops else KIOSK)

    def handle(self, request: Request, device: Device, key: IdempotencyKey) -> Result:
        """Queue a request and return the future of its result; one that cannot be read is `bad_request`."""
        op = self._ops.get(request.op)
        if op is None:
            return self._engine.refuse(RefusedError(Code.BAD_REQUEST, f"there is no op {request.op[:32]!r}"), key=key)
        try:
            done = op.run(_fields(op.fields, request), Sender(request, device, key))
        except RefusedError as refused:
            done = self._engine.refuse(refused, key=key)
        if (request.model_extra or {}).get("offline") is None:
            done.add_done_callback(lambda _: self._outages.answered(device.id, self._clock.now()))
        return done

    def _issue(self, asked: IssueRequest, sender: Sender) -> Result:
        request = sender.request
        command = issue_from_kiosk(
            asked, sender.device, request.id, sent_at=request.at, arrived_at=self._clock.now(), outages=self._outages
        )
        if command.offline is not None:
            # On disk before the answer, which a restart would otherwise take for the end of this outage.
            self._engine.submit(None, also=self._outages.keep).add_done_callback(_ignore_failure)
        return self._engine.submit(command, key=sender.key)

    def _lookup(self, asked: LookupRequest, sender: Sender) -> Result:
        return self._start(self._look_up(asked, sender.key), f"lookup-{sender.device.id}")

    def _page(self, asked: ProceduresRequest, sender: Sender) -> Result:
        """Read a page; a repeat reads again, so its answer is not kept for two days."""
        return self._start(self._procedures.page(asked.revision, asked.after), f"procedures-{sender.device.id}")

    def _start(self, work: Coroutine[Any, Any, dict[str, Any]], name: str) -> Result:
        reading = asyncio.create_task(work, name=name)
        self._reading.add(reading)
        reading.add_done_callback(self._reading.discard)
        return reading

    async def _look_up(self, asked: LookupRequest, key: IdempotencyKey) -> dict[str, Any]:
        try:
            found = await look_up(self._engine, self._store, token=asked.token, number=asked.number)
        except RefusedError as refused:
            answer: dict[str, Any] = await self._engine.refuse(refused, key=key)
        else:
            answer = await self._engine.inquire(lambda _hall, _now: found, key=key)
        return answer

    def _cancel(self, asked: TokenRequest, sender: Sender) -> Result:
        return self._engine.submit(cancel_of(asked), key=sender.key)

    def _reprint(self, asked: TokenRequest, sender: Sender) -> Result:
        return self._engine.submit(reprint_of(asked, sender.device, sender.request.id), key=sender.key)

    def _rate(self, asked: RateRequest, sender: Sender) -> Result:
        return self._engine.submit(rate_from(asked, sender.device), key=sender.key)

    def _time(self, _asked: Payload, sender: Sender) -> Result:
        answer = self._engine.inquire(lambda _hall, now: {"now": format_instant(now)}, key=sender.key)
        is_kiosk = sender.device.kind is Kind.KIOSK
        return self._start(self._with_day_key(answer), f"time-{sender.device.id}") if is_kiosk else answer

    async def _with_day_key(self, asked: Result) -> dict[str, Any]:
        """Add the key of the day to an answer that is stored without it."""
        answer, day_key = await asked, await self._day_key.tell()
        return answer if day_key is None else answer | {"identity": day_key}


def _ignore_failure(kept: Result) -> None:
    """Retrieve the outcome: where this was not stored, the offline ticket was not either, and is submitted again."""
    if not kept.cancelled():
        kept.exception()


def _fields(model: type[P], request: Request) -> P:
    try:
        return model.model_validate(request.model_extra or {})
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
        raise RefusedError(Code.BAD_REQUEST, faults) from error
