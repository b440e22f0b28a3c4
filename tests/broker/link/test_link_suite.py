"""One suite for every link: here the fake; `tests/system/broker` runs it on an own and on a given broker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import pytest

from broker.contract.channels import (
    CALLS,
    CONTROLLER_STATE,
    COUNTER_STATE,
    DEVICE_STATE,
    REPLY,
    REQUEST,
    RESULT,
)
from broker.contract.payloads import (
    Call,
    ControllerState,
    CounterState,
    CounterStatus,
    DeviceState,
    Kind,
    Payload,
    Reply,
    Request,
    Result,
)
from broker.link.link import Link, LinkDownError, LinkRefusedError, Message, UnreadableMessage

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = "luot/v1/quang-ngai"
PATIENCE_S = 10.0
ID = "11111111-2222-4333-8444-{:012d}"
P = TypeVar("P", bound=Payload)


class Heard(Generic[P]):
    """What a handler heard, in order."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Message[P]] = asyncio.Queue()

    async def take(self, message: Message[P]) -> None:
        await self._queue.put(message)

    async def next(self) -> Message[P]:
        return await asyncio.wait_for(self._queue.get(), PATIENCE_S)

    async def until(self, wanted: Callable[[Message[P]], bool]) -> Message[P]:
        while not wanted(found := await self.next()):
            pass
        return found

    def nothing_more(self) -> bool:
        return self._queue.empty()


class Rig(Protocol):
    """A broker with links on it, whatever it is made of."""

    async def link(self, name: str, kind: Kind | None = None, before: Callable[[Any], None] | None = None) -> Link: ...

    async def stranger(self, name: str) -> Link: ...

    async def stop(self, name: str) -> None: ...

    async def raw(self, name: str, topic: str, raw: bytes, *, retain: bool = False) -> None: ...

    async def expel(self, name: str) -> None: ...

    async def cut(self, name: str) -> None: ...

    async def mend(self, name: str) -> None: ...


def counter(id_: str, number: str | None) -> CounterState:
    return CounterState(counter=id_, label={"vi": "Quầy"}, status=CounterStatus.OPEN, number=number, since=1000)


def request(number: int) -> Request:
    return Request.model_validate({"id": ID.format(number), "op": "issue", "at": 1000, "service": "land"})


class TestLinks:
    """What every link does, whatever carries it."""

    async def test_a_request_reaches_the_controller_with_its_device_and_fields(self, rig: Rig) -> None:
        heard: Heard[Request] = Heard()
        await rig.link("controller", before=lambda link: link.on(REQUEST, heard.take))
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)

        await kiosk.publish(REQUEST, request(1), device="kiosk-1")

        message = await heard.next()
        assert message.segments == {"device": "kiosk-1"}
        assert message.payload == request(1)
        assert message.payload.model_extra == {"service": "land"}
        assert not message.retained

    async def test_a_retained_state_reaches_who_comes_later_and_says_so(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        await controller.publish(COUNTER_STATE, counter("c1", "A001"), counter="c1")
        heard: Heard[CounterState] = Heard()
        await rig.link("sign-1", Kind.SIGN, before=lambda link: link.on(COUNTER_STATE, heard.take, counter="c1"))

        stored = await heard.next()
        await controller.publish(COUNTER_STATE, counter("c2", "B001"), counter="c2")
        await controller.publish(COUNTER_STATE, counter("c1", "A002"), counter="c1")
        live = await heard.next()

        assert (stored.retained, stored.payload) == (True, counter("c1", "A001"))
        assert (live.retained, live.payload) == (False, counter("c1", "A002"))

    async def test_an_empty_retained_message_means_gone_now_and_for_later_ones(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        early: Heard[CounterState] = Heard()
        await rig.link("sign-1", Kind.SIGN, before=lambda link: link.on(COUNTER_STATE, early.take))
        for state in (counter("c1", "A001"), None):
            await controller.publish(COUNTER_STATE, state, counter="c1")
        await controller.publish(COUNTER_STATE, counter("c2", None), counter="c2")
        late: Heard[CounterState] = Heard()
        await rig.link("sign-2", Kind.SIGN, before=lambda link: link.on(COUNTER_STATE, late.take))

        assert [(await early.next()).payload for _ in range(3)] == [counter("c1", "A001"), None, counter("c2", None)]
        assert (await late.next()).segments == {"counter": "c2"}
        assert late.nothing_more()

    async def test_posted_messages_of_one_topic_arrive_in_their_order(self, rig: Rig) -> None:
        heard: Heard[Request] = Heard()
        await rig.link("controller", before=lambda link: link.on(REQUEST, heard.take))
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)

        for number in range(300):
            kiosk.post(REQUEST, request(number), device="kiosk-1")

        arrived = [(await heard.next()).payload for _ in range(300)]
        assert arrived == [request(number) for number in range(300)]

    async def test_a_handler_that_raises_stops_neither_the_next_message_nor_the_next_handler(self, rig: Rig) -> None:
        heard: Heard[Request] = Heard()

        async def broken(_: Message[Request]) -> None:
            raise RuntimeError("broken on purpose")

        def wire(link: Link) -> None:
            link.on(REQUEST, broken)
            link.on(REQUEST, heard.take)

        controller = await rig.link("controller", before=wire)
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)
        for number in (1, 2):
            await kiosk.publish(REQUEST, request(number), device="kiosk-1")

        assert [(await heard.next()).payload for _ in range(2)] == [request(1), request(2)]
        assert controller.counts.failed["request"] == 2

    async def test_a_lost_connection_is_told_by_a_will_with_the_session_of_the_birth(self, rig: Rig) -> None:
        heard: Heard[DeviceState] = Heard()
        await rig.link("controller", before=lambda link: link.on(DEVICE_STATE, heard.take))
        sign = await rig.link("sign-1", Kind.SIGN)
        session = sign.session
        await sign.publish(DEVICE_STATE, DeviceState(online=True, session=session, kind=Kind.SIGN), device="sign-1")
        await rig.cut("sign-1")

        assert (await heard.next()).payload == DeviceState(online=True, session=session, kind=Kind.SIGN)
        assert (await heard.next()).payload == DeviceState(online=False, session=session)

    async def test_a_link_that_was_cut_comes_back_with_a_new_session_and_hears_again(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        heard: Heard[CounterState] = Heard()
        connects: asyncio.Queue[str] = asyncio.Queue()
        sign = await rig.link("sign-1", Kind.SIGN, before=lambda link: link.on(COUNTER_STATE, heard.take))
        first = sign.session

        async def connected() -> None:
            await connects.put(sign.session)

        sign.on_connect(connected)
        await rig.cut("sign-1")
        await controller.publish(COUNTER_STATE, counter("c1", "A001"), counter="c1")
        await rig.mend("sign-1")

        second = await asyncio.wait_for(connects.get(), PATIENCE_S)
        assert second != first
        assert (await heard.next()).payload == counter("c1", "A001")
        assert sign.counts.reconnects == 1

    async def test_what_cannot_be_sent_says_so_at_once(self, rig: Rig) -> None:
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)
        await rig.stop("kiosk-1")

        assert not kiosk.connected
        with pytest.raises(LinkDownError):
            await kiosk.publish(REQUEST, request(1), device="kiosk-1")
        with pytest.raises(LinkDownError):
            kiosk.post(REQUEST, request(1), device="kiosk-1")

    async def test_leaving_on_purpose_is_told_like_an_accident(self, rig: Rig) -> None:
        heard: Heard[DeviceState] = Heard()
        await rig.link("controller", before=lambda link: link.on(DEVICE_STATE, heard.take))
        sign = await rig.link("sign-1", Kind.SIGN)
        session = sign.session
        await rig.stop("sign-1")

        assert (await heard.next()).payload == DeviceState(online=False, session=session)

    @pytest.mark.parametrize(
        ("raw", "reason", "id_"),
        [
            (b"{", "malformed", None),
            (b"", "malformed", None),
            (b"[1]", "malformed", None),
            (b"\xff\xfe", "malformed", None),
            (b"[" * 50_000, "malformed", None),
            (b'{"id":"x","op":"issue"}', "malformed", "x"),
            (b'{"id":"x","pad":"' + b"p" * 65536 + b'"}', "oversize", "x"),
        ],
    )
    async def test_a_message_that_cannot_be_read_is_counted_told_and_stops_nothing(
        self, rig: Rig, raw: bytes, reason: str, id_: str | None
    ) -> None:
        heard: Heard[Request] = Heard()
        refused: asyncio.Queue[UnreadableMessage] = asyncio.Queue()

        def wire(link: Link) -> None:
            link.on(REQUEST, heard.take)
            link.on_unreadable(refused.put)

        controller = await rig.link("controller", before=wire)
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)
        await rig.raw("kiosk-1", f"{ROOT}/device/kiosk-1/request", raw)
        await kiosk.publish(REQUEST, request(1), device="kiosk-1")

        told = await asyncio.wait_for(refused.get(), PATIENCE_S)
        assert (told.reason, told.id, told.segments) == (reason, id_, {"device": "kiosk-1"})
        assert (await heard.next()).payload == request(1)
        assert heard.nothing_more()
        assert controller.counts.unreadable == {reason: 1}

    async def test_a_message_that_no_receiver_reads_is_not_sent_and_ends_no_connection(self, rig: Rig) -> None:
        heard: Heard[Request] = Heard()
        await rig.link("controller", before=lambda link: link.on(REQUEST, heard.take))
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)
        session, long = kiosk.session, request(1).model_copy(update={"op": "p" * 300_000})
        kiosk.post(REQUEST, long, device="kiosk-1")
        await kiosk.publish(REQUEST, long, device="kiosk-1")
        await kiosk.publish(REQUEST, request(2), device="kiosk-1")

        assert (await heard.next()).payload == request(2)
        assert (kiosk.session, kiosk.counts.unreadable) == (session, {"too_long": 2})

    async def test_a_retained_request_from_before_is_dropped_when_the_controller_comes(self, rig: Rig) -> None:
        kiosk = await rig.link("kiosk-1", Kind.KIOSK)
        raw = REQUEST.encode(request(1))
        await rig.raw("kiosk-1", f"{ROOT}/device/kiosk-1/request", raw, retain=True)
        heard: Heard[Request] = Heard()
        controller = await rig.link("controller", before=lambda link: link.on(REQUEST, heard.take))
        await kiosk.publish(REQUEST, request(2), device="kiosk-1")

        assert (await heard.next()).payload == request(2)
        assert controller.counts.unreadable == {"retained": 1}

    async def test_an_unknown_topic_below_the_centre_is_counted(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        heard: Heard[ControllerState] = Heard()
        await rig.link("sign-1", Kind.SIGN, before=lambda link: link.on(CONTROLLER_STATE, heard.take))
        await rig.raw("controller", f"{ROOT}/nobody/knows", b"{}", retain=True)
        await rig.stop("controller")
        controller = await rig.link("controller")
        await controller.publish(CONTROLLER_STATE, ControllerState(online=True, session="s"))
        await heard.until(lambda message: message.payload == ControllerState(online=True, session="s"))

        assert controller.counts.unreadable["unknown_topic"] == 1

    async def test_a_stranger_is_refused_with_a_reason(self, rig: Rig) -> None:
        link = await rig.stranger("sign-9")

        with pytest.raises(LinkRefusedError, match="sign-9"):
            await asyncio.wait_for(link.run(), PATIENCE_S)

    async def test_a_device_whose_credentials_are_taken_away_is_put_out(self, rig: Rig) -> None:
        await rig.link("controller")
        sign = await rig.link("sign-1", Kind.SIGN)
        await rig.expel("sign-1")

        async with asyncio.timeout(PATIENCE_S):
            while sign.connected:  # noqa: ASYNC110 - a link says it by its state, not by an event
                await asyncio.sleep(0.001)

    async def test_a_reply_reaches_its_device_alone(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        own: Heard[Reply] = Heard()
        other: Heard[Reply] = Heard()
        await rig.link("kiosk-1", Kind.KIOSK, before=lambda link: link.on(REPLY, own.take, device="kiosk-1"))
        await rig.link("kiosk-2", Kind.KIOSK, before=lambda link: link.on(REPLY, other.take, device="kiosk-2"))
        await controller.publish(REPLY, Reply(id="a", ok=True, result={}), device="kiosk-1")
        await controller.publish(REPLY, Reply(id="b", ok=True, result={}), device="kiosk-2")

        assert (await own.next()).payload == Reply(id="a", ok=True, result={})
        assert (await other.next()).payload == Reply(id="b", ok=True, result={})
        assert own.nothing_more()
        assert other.nothing_more()

    async def test_a_handler_that_leaves_hears_no_more_and_one_that_joins_late_hears(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        sign = await rig.link("sign-1", Kind.SIGN)
        first: Heard[CounterState] = Heard()
        second: Heard[CounterState] = Heard()
        leave = sign.on(COUNTER_STATE, first.take)
        await controller.publish(COUNTER_STATE, counter("c1", "A001"), counter="c1")
        await first.next()
        leave()
        sign.on(COUNTER_STATE, second.take)
        await controller.publish(COUNTER_STATE, counter("c1", "A002"), counter="c1")
        await second.until(lambda message: message.payload == counter("c1", "A002"))

        assert first.nothing_more()

    async def test_a_link_does_not_hear_itself(self, rig: Rig) -> None:
        heard: Heard[CounterState] = Heard()
        results: Heard[Result] = Heard()

        def wire(link: Link) -> None:
            link.on(COUNTER_STATE, heard.take)
            link.on(RESULT, results.take)

        controller = await rig.link("controller", before=wire)
        sign = await rig.link("sign-1", Kind.SIGN)
        await controller.publish(COUNTER_STATE, counter("c1", "A001"), counter="c1")
        await sign.publish(RESULT, Result(id="x", ok=True), device="sign-1")
        await results.next()

        assert heard.nothing_more()

    async def test_a_publish_says_whether_anybody_subscribes(self, rig: Rig) -> None:
        controller = await rig.link("controller")
        heard: Heard[Call] = Heard()
        call = Call(id="a", number="A001", counter="c1", label={"vi": "Quầy 1"}, zone="hall", at=1000)
        unread = await controller.publish(CALLS, call)
        await rig.link("sign-1", Kind.SIGN, before=lambda link: link.on(CALLS, heard.take))

        read = await controller.publish(CALLS, call)

        assert (unread, read) == (False, True)
        assert (await heard.next()).payload == call
