"""Addresses and pairing codes, pauses, the log's limiter, bounded work, and what a channel writes."""

from __future__ import annotations

import asyncio
import json
from random import Random

import pytest

from broker.contract.channels import CONTROLLER_STATE, DEVICE_STATE, PRESS, REPLY, RESULT
from broker.contract.ids import is_slug
from broker.contract.payloads import ControllerState, DeviceState, Press, Reply, Result
from broker.link.address import Address, Pairing, pairing_code, parse_listen, parse_pairing, parse_url
from broker.link.backoff import Backoff
from broker.link.link import will_of
from broker.link.link_counts import LinkCounts, LogRateLimit
from broker.link.message_dispatcher import Reason, read
from broker.runtime.tasks import Tasks, run_logged

FINGERPRINT = "ab" * 32


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://127.0.0.1:1884", Address("127.0.0.1", 1884)),
        ("mqtt://broker", Address("broker", 1883)),
        ("mqtts://broker.lan", Address("broker.lan", 8883, tls=True)),
        ("mqtts://[::1]:8884", Address("::1", 8884, tls=True)),
    ],
)
def test_an_address_is_read_and_written_back(url: str, address: Address) -> None:
    assert parse_url(url) == address
    assert parse_url(address.url) == address


@pytest.mark.parametrize(
    "url", ["", "broker", "http://broker", "mqtt://", "mqtt://b:99999", "mqtt://u:p@b", "mqtt://b/x"]
)
def test_what_is_no_address_says_what_to_give(url: str) -> None:
    with pytest.raises(ValueError, match="give "):
        parse_url(url)


def test_an_address_to_listen_on_has_a_host_and_a_port() -> None:
    assert parse_listen("127.0.0.1:0") == ("127.0.0.1", 0)
    assert parse_listen("[::1]:1883") == ("::1", 1883)
    for wrong in ("1883", ":1883", "127.0.0.1", "127.0.0.1:70000", "a/b:1"):
        with pytest.raises(ValueError, match="HOST:PORT"):
            parse_listen(wrong)


def test_only_this_machine_is_loopback() -> None:
    found = [
        host
        for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "10.0.0.1", "broker")
        if Address(host, 1).is_loopback
    ]
    assert found == ["127.0.0.1", "127.9.9.9", "::1", "localhost"]


def test_a_pairing_code_is_read_as_the_contract_writes_it() -> None:
    code = f"mqtts://kiosk-1:s%40cret@broker.lan:8884/quang-ngai#{FINGERPRINT}"
    pairing = Pairing(Address("broker.lan", 8884, tls=True), "quang-ngai", "kiosk-1", "s@cret", FINGERPRINT)

    assert parse_pairing(code) == pairing
    assert parse_pairing(f"{code[:-64]}sha256-{FINGERPRINT.upper()}") == pairing
    assert parse_pairing(pairing_code(pairing)) == pairing


@pytest.mark.parametrize(
    "code",
    [
        f"mqtt://k:topsecret@b/c#{FINGERPRINT}", f"mqtts://k@b/c#{FINGERPRINT}", f"mqtts://controller:topsecret@b/c#{FINGERPRINT}",
        f"mqtts://k:topsecret@b#{FINGERPRINT}", "mqtts://k:topsecret@b/c#abc", f"mqtts://K:topsecret@b/c#{FINGERPRINT}",
        f"mqtts://k:topsecret@b:99999/c#{FINGERPRINT}",
    ],
)  # fmt: skip
def test_a_wrong_pairing_code_is_refused_without_showing_its_password(code: str) -> None:
    with pytest.raises(ValueError, match="pairing code") as caught:
        parse_pairing(code)
    assert "topsecret" not in str(caught.value)


def test_pauses_grow_to_their_bound_and_begin_again() -> None:
    backoff = Backoff(first=0.2, most=1.0, random=Random(7))  # noqa: S311 - it spreads pauses
    pauses = [backoff.pause() for _ in range(5)]
    bounds = [0.2, 0.4, 0.8, 1.0, 1.0]

    assert all(bound / 2 <= pause <= bound for pause, bound in zip(pauses, bounds, strict=True))
    backoff.reset()
    assert backoff.fresh
    assert backoff.pause() <= 0.2


def test_one_line_a_second_for_each_reason_with_the_number_held_back() -> None:
    rarely = LogRateLimit()

    assert [rarely.held_back("a", now) for now in (10.0, 10.1, 10.9, 11.0, 11.5, 12.0)] == [0, None, None, 2, None, 1]
    assert rarely.held_back("b", 10.2) == 0


def test_reconnects_are_the_connects_after_the_first() -> None:
    assert [LinkCounts(connects=connects).reconnects for connects in (0, 1, 3)] == [0, 0, 2]


async def test_work_is_bounded_and_a_fault_in_it_gives_its_place_back() -> None:
    gate, done = asyncio.Event(), list[int]()

    async def work(number: int) -> None:
        await gate.wait()
        if number == 0:
            raise RuntimeError("broken on purpose")
        done.append(number)

    async with Tasks(2) as tasks:
        await tasks.start(work(0))
        await tasks.start(work(1))
        third = asyncio.create_task(tasks.start(work(2)))
        await asyncio.sleep(0)
        assert (len(tasks), third.done()) == (2, False)
        gate.set()
        async with asyncio.timeout(5):
            await third
            while len(tasks):  # noqa: ASYNC110 - it says it by its length
                await asyncio.sleep(0)

    assert done == [1, 2]


async def test_leaving_cancels_the_work_that_still_runs() -> None:
    ended = asyncio.Event()

    async def forever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with Tasks(1) as tasks:
        await tasks.start(forever())
        await asyncio.sleep(0)

    assert ended.is_set()


def test_wills_births_answers_and_presses_hold_the_contracts_fields_and_no_others() -> None:
    will = will_of("kiosk-1", "s-1")
    birth = DeviceState(online=True, session="s", detail={"revision": 3})

    assert DEVICE_STATE.encode(DeviceState(online=False, session="s-1")) == b'{"online":false,"session":"s-1"}'
    assert will.payload == DeviceState(online=False, session="s-1")
    assert will_of("controller", "s-2").payload == ControllerState(online=False, session="s-2")
    assert CONTROLLER_STATE.encode(ControllerState(online=False, session="s")) == b'{"online":false,"session":"s"}'
    assert DEVICE_STATE.encode(birth) == b'{"online":true,"session":"s","detail":{"revision":3}}'
    assert RESULT.encode(Result(id="a", ok=None)) == b'{"id":"a","ok":null}'
    assert REPLY.encode(Reply(id="a", ok=True, result={})) == b'{"id":"a","ok":true,"result":{}}'
    assert PRESS.encode(Press.model_validate({"id": "a", "button": "next", "for": None})) == (
        b'{"id":"a","button":"next","for":null}'
    )
    assert PRESS.encode(Press.model_validate({"button": "next"})) == b"next"


def test_a_plain_press_is_read_as_a_button() -> None:
    assert PRESS.decode(b"next") == Press(button="next")


@pytest.mark.parametrize(
    "at",
    [
        -86_400_001,
        10**17,
        -(10**17),
        True,
        1.5,
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:00",
        "2026-11-23T07:00:00",
    ],
)
def test_an_instant_that_no_calendar_can_tell_is_refused(at: object) -> None:
    with pytest.raises(ValueError, match="at"):
        CONTROLLER_STATE.decode(json.dumps({"online": True, "session": "s", "at": at}).encode())


@pytest.mark.parametrize("name", ["a", "c1", "quang-ngai", "0", "a" * 32])
def test_a_slug_is_a_slug(name: str) -> None:
    assert is_slug(name)


@pytest.mark.parametrize("name", ["", "A", "-a", "a" * 33, "a\n", "a/b", "+", "ă", "a_b"])
def test_what_is_no_slug_is_none(name: str) -> None:
    assert not is_slug(name)


@pytest.mark.parametrize(
    ("topic", "raw", "retained", "reason"),
    [
        ("luot/v1/c/unknown", b"{}", False, Reason.UNKNOWN_TOPIC),
        ("luot/v1/other/calls", b"{}", False, Reason.UNKNOWN_TOPIC),
        ("luot/v1/c/device/UPPER/state", b"{}", False, Reason.UNKNOWN_TOPIC),
        ("luot/v1/c/calls", b"{}", True, Reason.RETAINED),
        ("luot/v1/c/calls", b"", False, Reason.MALFORMED),
        ("luot/v1/c/calls", b"{" * 99999, False, Reason.OVERSIZE),
        ("luot/v1/c/device/k/state", b'{"online": 1}', True, Reason.MALFORMED),
    ],
)
def test_each_unreadable_message_has_its_reason(topic: str, raw: bytes, retained: bool, reason: Reason) -> None:  # noqa: FBT001
    found = read("c", topic, raw, retained=retained, received=0.0)

    assert getattr(found, "reason", None) == reason


async def test_kept_work_begins_again_whatever_it_raises() -> None:
    begun = 0

    async def loop() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise RuntimeError("unexpected")
        await asyncio.Event().wait()

    task = asyncio.create_task(run_logged("work", loop, 0))
    async with asyncio.timeout(5):
        while begun < 3:  # noqa: ASYNC110 - the work tells nobody
            await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
