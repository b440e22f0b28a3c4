"""A controller that is fuzzed, and what must hold of it afterwards."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import pytest

from tests.system.centre import CENTRE
from tests.system.client import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from tests.system.centre import Centre

CASES = int(os.environ.get("LUOT_FUZZ_CASES") or (20_000 if os.environ.get("LUOT_LONG") else 400))
"""How many cases a run makes; the long run is a command outside of the ordinary suite."""

LONGEST_S = max(120, CASES // 5)
"""Seconds that a test may take."""

KIOSKS, KEYPADS, RATERS, PRINTERS = 20, 10, 5, 5
BROKEN = re.compile(r"Traceback|batch_lost|loop_failed|handler_failed|decision_failed|listener_failed|tick_failed")
"""What stands in the log after a fault of the program."""


def more_devices() -> str:
    """Write devices enough that each sends within its pace."""
    rows = [f'[[device]]\nid = "kiosk-f{n}"\nkind = "kiosk"\nprinter = "printer-f0"\n' for n in range(KIOSKS)]
    rows += [f'[[device]]\nid = "keypad-f{n}"\nkind = "keypad"\ncounter = "c{n % 2 + 1}"\n' for n in range(KEYPADS)]
    rows += [f'[[device]]\nid = "rater-f{n}"\nkind = "rater"\ncounter = "c1"\n' for n in range(RATERS)]
    rows += [
        f'[[device]]\nid = "printer-f{n}"\nkind = "printer"\naddress = "tcp://127.0.0.1:9100"\nwidth_mm = 80\n'
        for n in range(PRINTERS)
    ]
    return "".join(rows)


@pytest.fixture
def fuzzed(own_centre_unstarted: Centre) -> Centre:
    centre = own_centre_unstarted
    (centre.folder / "centre.toml").write_text(CENTRE + more_devices())
    centre.start()
    return centre


@pytest.fixture
def unharmed(fuzzed: Centre) -> Iterator[httpx.Client]:
    """An administrator's session; afterwards the same process works, said nothing of a fault, and its store agrees."""
    assert fuzzed.process is not None
    chief, pid = fuzzed.user("chief", "administrator"), fuzzed.process.pid
    original = chief.get("/centre").json()

    yield chief

    assert (fuzzed.process.poll(), fuzzed.process.pid) == (None, pid)
    eventually(lambda: chief.get("/ready").status_code == 200, lambda: chief.get("/ready").text)
    again = chief.put("/centre", json=original, headers={"If-Match": "*"})
    assert again.status_code == 200, again.text
    ticket = chief.post("/tickets", json={"service": "land"})
    assert ticket.status_code == 201, ticket.text
    fuzzed.stop()
    log = (fuzzed.folder / "serve.log").read_text()
    broken = BROKEN.search(log)
    assert broken is None, log[max(0, broken.start() - 2000) : broken.end() + 4000]
    checked = fuzzed.luot("verify", "--data", str(fuzzed.data), "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert json.loads(checked.stdout)["differences"] == []
