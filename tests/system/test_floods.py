"""A device that floods does not keep another kiosk waiting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.system.client import eventually

if TYPE_CHECKING:
    from tests.system.centre import Centre

pytestmark = pytest.mark.system

LONG = pytest.mark.skipif(not os.environ.get("LUOT_LONG"), reason="LUOT_LONG=1 runs the other floods")
SECONDS = 10.0
FLOODER = Path(__file__).parent / "flooder.py"


@pytest.mark.parametrize(
    ("rate", "qos"),
    [(20_000, 1), pytest.param(5_000, 1, marks=LONG), pytest.param(20_000, 0, marks=LONG)],
)
def test_another_kiosk_is_served_and_the_flooder_comes_back_by_itself(own_centre: Centre, rate: int, qos: int) -> None:
    kiosk = own_centre.peer("kiosk-2").hear_own("reply")
    kiosk.request("issue", service="land")
    command = [
        sys.executable, str(FLOODER), str(own_centre.mqtt_port), "kiosk-1", own_centre.password("kiosk-1", "kiosk"),
        f"{kiosk.root}/device/kiosk-1/request", str(rate), str(SECONDS), str(qos),
    ]  # fmt: skip
    waits = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as flooder:
        assert flooder.stdout is not None
        assert flooder.stdout.readline() == "flooding\n"
        end = time.monotonic() + SECONDS
        while (began := time.monotonic()) < end:
            assert kiosk.request("issue", service="land")["ok"]
            waits.append(time.monotonic() - began)
        told = json.loads(flooder.stdout.readline())
    figures = httpx.get(f"{own_centre.http}/metrics").text

    p95 = sorted(waits)[int(len(waits) * 0.95)]
    sys.stdout.write(
        f"{rate}/s QoS {qos}: p95 {p95 * 1000:.1f} ms, worst {max(waits) * 1000:.0f} ms of {len(waits)}, {told}\n"
    )
    assert p95 <= 0.25, (p95, len(waits), told)
    assert len(waits) >= 40
    assert told["entered"] == 1
    assert 'luot_device_floods{device="kiosk-1"} 1.0' in figures
    back = eventually(lambda: answer_to_a_sign_in(own_centre), "return of the flooder", 40)
    assert back


def answer_to_a_sign_in(centre: Centre) -> bool:
    once = [str(centre.mqtt_port), "kiosk-1", centre.passwords["kiosk-1"], "x", "1", "0.1", "0"]
    done = subprocess.run([sys.executable, str(FLOODER), *once], capture_output=True, text=True, check=True)
    return bool(json.loads(done.stdout.splitlines()[1])["entered"])
