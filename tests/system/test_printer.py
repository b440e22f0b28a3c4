"""`luot printer` as a process of its own: a slip from a kiosk's request to the paper, and through a SIGKILL."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

import pytest

from deploy.demo.escpos_reader import read_qr
from deploy.demo.printer_sink import PrinterSink
from tests.system.centre import CENTRE
from tests.system.client import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.centre import Centre

pytestmark = pytest.mark.system


class SinkInThread:
    """A printer of the demonstration that runs beside a test that is not asynchronous."""

    def __init__(self) -> None:
        self.sink = PrinterSink()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="printer sink")

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.sink.start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self.sink.stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def call(self, act: Any, *arguments: object, **named: object) -> None:
        """Do something to the printer on its own thread."""
        done = threading.Event()

        def work() -> None:
            act(*arguments, **named)
            done.set()

        self._loop.call_soon_threadsafe(work)
        assert done.wait(10)


class PrinterProcess:
    """`luot printer`, which can be killed and started again."""

    def __init__(self, centre: Centre, folder: Path) -> None:
        self.data = folder / "printer-data"
        self._centre, self._log = centre, folder / "printer.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {**self._centre.environment(), "LUOT_PASSWORD": self._centre.password("printer-1", "printer")}
        with self._log.open("ab") as said:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "luot", "printer", "--mqtt", f"mqtt://127.0.0.1:{self._centre.mqtt_port}",
                 "--centre", "thu-nghiem", "--device", "printer-1", "--data", str(self.data)],
                stdout=said, stderr=said, env=environment,
            )  # fmt: skip

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            assert self._process.wait(15) == 0, self._log.read_text()[-2000:]


@pytest.fixture
def paper() -> Iterator[SinkInThread]:
    with SinkInThread() as running:
        yield running


@pytest.fixture
def hall(own_centre_unstarted: Centre, paper: SinkInThread, tmp_path: Path) -> Centre:
    """A centre whose printer's address is the sink's."""
    text = CENTRE.replace("tcp://127.0.0.1:9100", paper.sink.address)
    assert paper.sink.address in text
    (tmp_path / "centre.toml").write_text(text)
    own_centre_unstarted.start()
    return own_centre_unstarted


@pytest.fixture
def printer(hall: Centre, tmp_path: Path) -> Iterator[PrinterProcess]:
    process = PrinterProcess(hall, tmp_path)
    process.start()
    yield process
    process.stop()


def test_a_slip_goes_from_the_kiosks_request_to_the_paper_and_its_outcome_back(
    hall: Centre, printer: PrinterProcess, paper: SinkInThread
) -> None:
    kiosk = hall.peer("kiosk-1").hear_own("reply", "command")
    kiosk.birth("kiosk")
    ticket = kiosk.request("issue", service="land")["result"]["ticket"]
    told = kiosk.wait("device/kiosk-1/command", lambda command: command["op"] == "printed", 20)
    assert (told["ticket"], told["ok"]) == (ticket["id"], True)
    assert [receipt.cut for receipt in paper.sink.receipts] == [True]
    assert read_qr([paper.sink.receipts[0].image]) == [f"http://127.0.0.1:8000/t/{ticket['token']}"]
    assert printer.data.is_dir()


def test_a_printer_process_that_is_killed_in_the_middle_prints_no_slip_twice(
    hall: Centre, printer: PrinterProcess, paper: SinkInThread
) -> None:
    kiosk = hall.peer("kiosk-1").hear_own("reply", "command")
    kiosk.birth("kiosk")
    paper.call(paper.sink.fault_after, 4000, "paper_out")
    first = kiosk.request("issue", service="land")["result"]["ticket"]
    spool = printer.data / "spool"
    # Begun is written before the first byte leaves; the middle is when the paper has ended on the way.
    eventually(lambda: "paper_out" in paper.sink.faults, "end of the paper in the middle of the slip", 20)
    assert any('"begun"' in job.read_text() for job in spool.glob("*.json"))
    printer.kill()
    paper.call(paper.sink.forget)
    paper.call(paper.sink.set_fault, "paper_out", active=False)
    printer.start()
    told = kiosk.wait("device/kiosk-1/command", lambda command: command.get("ticket") == first["id"], 20)
    assert told["ok"] is None
    second = kiosk.request("issue", service="land")["result"]["ticket"]
    kiosk.wait("device/kiosk-1/command", lambda command: command.get("ticket") == second["id"] and command["ok"], 20)
    slips = [receipt.image for receipt in paper.sink.receipts if receipt.cut]
    assert read_qr(slips)[-1] == f"http://127.0.0.1:8000/t/{second['token']}"
    assert read_qr(slips).count(f"http://127.0.0.1:8000/t/{first['token']}") <= 1
