from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import CALLS, COMMAND, COUNTER_STATE
from broker.contract.payloads import Command, Kind
from broker.runtime.catalogue import catalogue
from displays.base.record import Record
from displays.sign.app import SignApp

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.contract.payloads import Call, CounterState

WORDS = catalogue("displays")


@pytest.fixture
async def sign(hall: Any, tmp_path: Path) -> SignApp:
    device = await hall.device("sign-1", Kind.SIGN)
    await hall.configure(device, counter="c1", label={"vi": "Quầy 1", "en": "Counter 1"})
    live = SignApp(device, WORDS, tmp_path / "sign-1", Record(tmp_path / "sign-1.jsonl"))
    await hall.run(device.run(), live.run())
    await hall.until(lambda: live.flow.counter == "c1")
    return live


def shown(path: Path) -> list[tuple[str, str, int]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [(line["what"], line["number"], line["recall"]) for line in lines]


async def test_a_sign_shows_its_counter_only(
    hall: Any,
    sign: SignApp,
    make_state: Callable[..., CounterState],
) -> None:
    await hall.beat()
    await hall.controller.publish(COUNTER_STATE, make_state("calling", "B001", counter="c2"), counter="c2")
    await hall.controller.publish(COUNTER_STATE, make_state("calling", "A007"), counter="c1")
    await hall.until(lambda: sign.look().number)

    look = sign.look()
    assert (look.number, look.light, look.tone) == ("A007", True, "called")


async def test_a_call_is_shown_at_once_and_recorded_once(
    hall: Any,
    sign: SignApp,
    tmp_path: Path,
    make_call: Callable[..., Call],
) -> None:
    await hall.beat()
    for call in (make_call(), make_call(), make_call("B001", "c2"), make_call(recall=1)):
        await hall.controller.publish(CALLS, call)
    await hall.until(lambda: len(shown(tmp_path / "sign-1.jsonl")) == 2)

    assert shown(tmp_path / "sign-1.jsonl") == [("shown", "A007", 0), ("shown", "A007", 1)]
    assert sign.look().number == "A007"


async def test_a_call_older_than_30_real_seconds_is_dropped_also_when_time_runs_fast(
    hall: Any,
    sign: SignApp,
    make_call: Callable[..., Call],
) -> None:
    hall.clock.speed = 60.0
    hall.clock.seconds += 1
    await hall.beat()
    await hall.until(lambda: sign.device.controller.known)
    await hall.controller.publish(CALLS, make_call("A001", at=hall.clock.now() - 31_000 * 60))
    await hall.controller.publish(CALLS, make_call("A002", at=hall.clock.now() - 29_000 * 60))
    await hall.until(lambda: sign.flow.acted.pairs)

    assert sign.look().number == "A002"
    assert len(sign.flow.acted.pairs) == 1


async def test_a_sign_without_the_controller_shows_no_number_until_it_is_back(
    hall: Any,
    sign: SignApp,
    make_state: Callable[..., CounterState],
) -> None:
    await hall.beat()
    await hall.controller.publish(COUNTER_STATE, make_state("serving", "A007"), counter="c1")
    await hall.until(lambda: sign.look().number == "A007")

    hall.clock.seconds += 15.1
    assert (sign.look().number, sign.look().headline.first) == ("", "Mất kết nối")

    await hall.beat()
    await hall.until(lambda: sign.look().number == "A007")


async def test_a_sign_shows_its_last_known_state_at_once_after_a_restart_and_marks_it(
    hall: Any,
    sign: SignApp,
    tmp_path: Path,
    make_state: Callable[..., CounterState],
) -> None:
    await hall.beat()
    await hall.controller.publish(COUNTER_STATE, make_state("serving", "A007"), counter="c1")
    await hall.until(lambda: (tmp_path / "sign-1" / "counter.json").exists() and sign.look().number)
    await hall.close()

    # No broker any more: the device finds nothing but what is on its own disk.
    hall.broker.cut("sign-1")
    again = await hall.device("sign-1", Kind.SIGN)
    live = SignApp(again, WORDS, tmp_path / "sign-1")
    await hall.run(again.run(), live.run())
    await hall.until(lambda: live.flow.state is not None)

    look = live.look()
    assert (look.number, look.label.first, look.headline.first) == ("", "Quầy 1", "Mất kết nối")
    assert look.detail.first.startswith("Số gần nhất lúc")
    assert look.detail.first.endswith("A007")


async def test_identify_shows_the_name_for_ten_seconds(hall: Any, sign: SignApp) -> None:
    command = Command(id="0b8ffd5e-9a2e-4c0f-a1f3-0f9a51c6c1f2", op="identify", ttl_s=30)
    await hall.controller.publish(COMMAND, command, device="sign-1")
    await hall.until(lambda: sign.look().identify)

    assert sign.look().identify == "Thiết bị: sign-1"
    hall.clock.seconds += 10
    assert sign.look().identify == ""


async def test_a_screen_is_told_of_every_change(
    hall: Any,
    sign: SignApp,
    make_state: Callable[..., CounterState],
) -> None:
    changes: list[str] = []
    sign.on_change = lambda: changes.append(sign.look().number)
    await hall.beat()
    await hall.controller.publish(COUNTER_STATE, make_state("calling", "A007"), counter="c1")

    await hall.until(lambda: "A007" in changes)


async def test_a_configuration_that_names_no_counter_leaves_the_one_that_stands(hall: Any, sign: SignApp) -> None:
    await hall.configure(sign.device, counter=None, label={"vi": "Quầy 9"})
    await hall.until(lambda: any(b"config_refused" in told for told in hall.broker.retained.values()))

    assert sign.device.config is not None
    assert sign.device.config.model_dump()["counter"] == "c1"
    assert sign.look().label.first == "Quầy 1"
