"""The gateway of devices: checks sender, rate and form of each request and press, then submits it to the engine.

Nothing is awaited between arrival and the engine's queue, so the order of arrival is the order of decision; replies go
out as the engine's futures come true. What the broker should have refused is refused here again, and counted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.channels import PRESS, REPLY, REQUEST
from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import ErrorBody, Kind, Press, Reply, Request
from broker.link.link import LinkDownError
from broker.link.link_counts import LogRateLimit
from broker.runtime.catalogue import error_text
from controller.mqtt.rate_limit import RateLimit
from controller.services.engine.idempotency import digest_of
from controller.services.journal.ports import IdempotencyKey
from controller.services.requests.press import act_of

if TYPE_CHECKING:
    import asyncio

    from broker.link.link import Message, UnreadableMessage
    from controller.domain.centre.model import Device
    from controller.mqtt.dependencies import MqttDependencies
    from controller.mqtt.op_handlers import OpHandlers

log = structlog.get_logger()


class Gateway:
    """Receives requests and presses of one centre's devices and replies to them."""

    def __init__(self, deps: MqttDependencies, handlers: OpHandlers) -> None:
        self._link = deps.link
        self._engine = deps.engine
        self._handlers = handlers
        self._clock = deps.clock
        self._counts = deps.counts
        self._centre = deps.configuration.centre
        self._rate_limit = RateLimit(deps.clock)
        self._rarely = LogRateLimit()

    def open(self) -> None:
        """Subscribe to requests and presses, from the link's next connection on."""
        self._link.on(REQUEST, self._request)
        self._link.on(PRESS, self._press)
        self._link.on_unreadable(self._unreadable)

    # ---- arrivals ----

    async def _request(self, message: Message[Request]) -> None:
        request, device = message.payload, self._known(message.segments["device"])
        if request is None or device is None:
            return
        if not self._rate_limit.allows(device.id):
            self._refuse(device.id, request.id, Code.TRY_AGAIN, "too_fast")
        elif not self._handlers.allows(device.kind, request.op):
            self._refuse(device.id, request.id, Code.NOT_ALLOWED, "not_allowed")
        else:
            content = dict(request.model_extra or {}) | {"op": request.op}
            key = IdempotencyKey(device.id, request.id, digest_of(content))
            self._await(device.id, request.id, self._handlers.handle(request, device, key))

    async def _press(self, message: Message[Press]) -> None:
        press, device = message.payload, self._known(message.segments["device"])
        if press is None or device is None:
            return
        if not self._rate_limit.allows(device.id):
            self._refuse(device.id, press.id, Code.TRY_AGAIN, "too_fast")
        elif device.kind is not Kind.KEYPAD or device.counter is None:
            self._refuse(device.id, press.id, Code.NOT_ALLOWED, "not_allowed")
        else:
            self._await(device.id, press.id, self._pressed(press, device, device.counter))

    def _pressed(self, press: Press, device: Device, counter: str) -> asyncio.Future[Any]:
        key = None
        if press.id is not None:
            said = {"button": press.button} | ({"for": press.for_} if press.has_for else {})
            key = IdempotencyKey(device.id, press.id, digest_of(said))
        try:
            return self._engine.submit(act_of(press, counter, self._clock), key=key)
        except RefusedError as refused:
            return self._engine.refuse(refused, key=key)

    async def _unreadable(self, message: UnreadableMessage) -> None:
        device = self._known(message.segments.get("device", ""))
        is_asked = message.channel in (REQUEST.name, PRESS.name) and message.reason in ("malformed", "oversize")
        if device is not None and message.id is not None and is_asked:
            code = Code.BAD_REQUEST if self._rate_limit.allows(device.id) else Code.TRY_AGAIN
            self._reply(device.id, message.id, None, RefusedError(code, str(message.reason)))

    def _known(self, device: str) -> Device | None:
        found = self._centre().devices.get(device)
        if found is None and device:
            self._count("unknown_device", device)
        return found

    def _count(self, reason: str, device: str) -> None:
        self._counts.dropped[reason] += 1
        held = self._rarely.held_back(reason, self._clock.monotonic())
        if held is not None:
            log.warning("message_refused", reason=reason, device=device, held_back=held)

    # ---- answers ----

    def _await(self, device: str, request: str | None, done: asyncio.Future[Any]) -> None:
        done.add_done_callback(partial(self._done, device, request))

    def _done(self, device: str, request: str | None, done: asyncio.Future[Any]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None and not isinstance(error, RefusedError):
            log.error("request_failed", device=device, reason=str(error), exc_info=error)
            error = RefusedError(Code.TRY_AGAIN, "the controller failed; nothing was done")
        if error is not None and error.code is Code.NOT_ALLOWED:
            self._count("not_allowed", device)
        if request is not None:
            self._reply(device, request, None if error else done.result(), error)

    def _refuse(self, device: str, request: str | None, code: Code, reason: str) -> None:
        self._count(reason, device)
        if request is not None:
            self._reply(device, request, None, RefusedError(code, reason))

    def _reply(self, device: str, request: str, result: dict[str, Any] | None, refused: RefusedError | None) -> None:
        if refused is None:
            reply = Reply(id=request, ok=True, result=result)
        else:
            reply = Reply(id=request, ok=False, error=ErrorBody(code=refused.code, message=error_text(refused.code)))
        try:
            self._link.post(REPLY, reply, expiry_s=REPLY.expiry_s, device=device)
        except LinkDownError:
            # The device repeats its request, and then gets this very answer from the store.
            self._counts.dropped["reply_link_down"] += 1
