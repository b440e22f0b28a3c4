"""How fast one device may send."""

from __future__ import annotations

from typing import Any

from controller.mqtt.rate_limit import RateLimit


def sent(pace: RateLimit, device: str, messages: int) -> int:
    return sum(pace.allows(device) for _ in range(messages))


def test_a_burst_of_a_hundred_passes_and_then_fifty_a_second(hand_clock: Any) -> None:
    pace = RateLimit(hand_clock)

    assert sent(pace, "kiosk-1", 150) == 100
    hand_clock.pass_seconds(1)
    assert sent(pace, "kiosk-1", 150) == 50
    hand_clock.pass_seconds(3600)
    assert sent(pace, "kiosk-1", 150) == 100


def test_one_device_does_not_slow_another(hand_clock: Any) -> None:
    pace = RateLimit(hand_clock)
    sent(pace, "kiosk-1", 200)

    assert pace.allows("kiosk-2")
