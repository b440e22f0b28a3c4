"""An independent printer (emupos) and a controller in memory that sends slips to it through our agent."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import urllib.error
import urllib.request
import uuid
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pytest
from PIL import Image

from broker.contract.channels import COMMAND, CONFIG, DEVICE_STATE, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Kind, Result
from broker.link.memory_link import MemoryBroker
from broker.runtime.catalogue import catalogue
from broker.runtime.clock import SystemClock
from kiosk.printing.delivery import Pace
from kiosk.printing.painter import SlipPainter
from tests.gallery.kiosk.slip_specimens import specimen_config, specimen_slip, specimen_ticket
from tests.support.ports import lasting_port
from tests.support.printer_process import printer_process

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from broker.link.link import Message
    from kiosk.printing.agent import PrinterAgent

PROJECT = Path(__file__).parents[3]
EMUPOS = PROJECT / ".venv-emupos" / "bin" / "emupos"
DEADLINE_S = 20.0
# A crash must leave the job as it stood, so nothing is given time to finish.
PACE = Pace(answer_s=0.5, probe_s=0.3, stall_s=0.5, slice_s=0.05, look_s=0.5, hold_s=2.0, finish_s=0.0)


@pytest.fixture(scope="session")
def emupos_program() -> Path:
    """Set the independent printer up; where that is impossible, say so in words that CI looks for."""
    done = subprocess.run([PROJECT / "scripts" / "emupos-venv"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(done.stderr.strip() or "EMUPOS MISSING: scripts/emupos-venv failed")
    return EMUPOS


class Emupos:
    """One emupos process with one printer, `front`; it can be switched off and on again."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.port, self._api = lasting_port(), lasting_port()
        self.receipts_dir = folder / "receipts"
        self._program, self._folder = program, folder
        self._process: subprocess.Popen[bytes] | None = None
        printer = {
            "id": "front", "type": "printer", "profile": "epson-tm-t20iii", "receipts_dir": str(self.receipts_dir),
            "connections": [{"tcp": {"host": "127.0.0.1", "port": self.port}}],
        }  # fmt: skip
        # JSON is YAML too.
        (folder / "emupos.yaml").write_text(
            json.dumps({"schema": 1, "api": {"host": "127.0.0.1", "port": self._api}, "devices": [printer]})
        )

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    async def start(self) -> None:
        with (self._folder / "emupos.log").open("ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [self._program, "run", "--config", "emupos.yaml"],
                cwd=self._folder, stdout=output, stderr=output, env={**os.environ, "NO_COLOR": "1"},
            )  # fmt: skip
        async with asyncio.timeout(DEADLINE_S):
            while not await asyncio.to_thread(self._answers):
                assert self._process.poll() is None, (self._folder / "emupos.log").read_text()
                await asyncio.sleep(0.05)

    def kill(self) -> None:
        """Pull the plug."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    async def fault(self, name: str, *, active: bool = True) -> None:
        await asyncio.to_thread(self._ask, "PUT" if active else "DELETE", f"/devices/front/faults/{name}")

    async def receipts(self) -> list[dict[str, Any]]:
        """Give what emupos says of its receipts, the oldest first; each has the `path` of its picture."""
        told = json.loads(await asyncio.to_thread(self._ask, "GET", "/devices/front/receipts"))
        return [{**receipt, "path": self.receipts_dir / f"{receipt['id']}.png"} for receipt in reversed(told)]

    async def wait_for(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(DEADLINE_S):
            while len(found := await self.receipts()) < count:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.05)
        return found

    def _answers(self) -> bool:
        try:
            self._ask("GET", "/devices/front")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return True

    def _ask(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(f"http://127.0.0.1:{self._api}/api/v1{path}", method=method)
        with urllib.request.urlopen(request, timeout=5) as reply:  # noqa: S310 - our own
            content: bytes = reply.read()
            return content


@pytest.fixture
async def emupos(emupos_program: Path, tmp_path: Path) -> AsyncIterator[Emupos]:
    printer = Emupos(emupos_program, tmp_path)
    await printer.start()
    yield printer
    printer.kill()


class Centre:
    """A controller in memory with one printer, whose process can be started, crashed and started again."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        self.broker = MemoryBroker("quang-ngai", self.clock)
        self.broker.admit("printer-1", Kind.PRINTER)
        self.link = self.broker.link("controller")
        self.results: dict[str, list[Result]] = {}
        self.state: DeviceState | None = None
        self.folder = folder / "printer-1"
        self.link.on(RESULT, self._result)
        self.link.on(DEVICE_STATE, self._state)

    async def _result(self, message: Message[Result]) -> None:
        assert message.payload is not None
        self.results.setdefault(message.payload.id, []).append(message.payload)

    async def _state(self, message: Message[DeviceState]) -> None:
        self.state = message.payload

    @property
    def printer(self) -> object:
        return self.state.detail.get("printer") if self.state else None

    def outcome(self, command: str) -> object:
        """Give the last word on a command: True, False, None (not known), or "nothing" when nothing was said."""
        said = self.results.get(command)
        return said[-1].ok if said else "nothing"

    def reason(self, command: str) -> str:
        """Give what the spool keeps about why a slip was not printed, or is not known to be."""
        kept = json.loads((self.folder / "spool" / f"{command}.json").read_text())
        return f"{kept['error'] or ''} {kept['why']}".strip()

    async def configure(self, address: str) -> None:
        fields = specimen_config(address=address).model_dump() | {"kind": "printer"}
        await self.link.publish(CONFIG, DeviceConfig.model_validate(fields), device="printer-1")

    async def command(self, number: str, token: str, *, id: str | None = None, **slip: Any) -> str:  # noqa: A002
        """Send a print command and give its id; with `id` the same one again."""
        fields: dict[str, object] = {
            "id": id or str(uuid.uuid4()), "op": "print", "ttl_s": 60, "request": None,
            "ticket": specimen_ticket(number=number).model_dump(mode="json"),
            "slip": specimen_slip(qr=f"https://xephang.example/t/{token}", **slip).model_dump(mode="json"),
        }  # fmt: skip
        command = Command.model_validate(fields)
        await self.link.publish(COMMAND, command, device="printer-1")
        return command.id

    @asynccontextmanager
    async def running(self) -> AsyncIterator[PrinterAgent]:
        """Run the printer's process; the end of the block is its crash."""
        self.state = None
        async with printer_process(self.broker, self.folder, SlipPainter(catalogue("kiosk")), PACE) as agent:
            await self.until(lambda: self.state is not None and self.state.online)
            yield agent

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while not condition():  # noqa: ASYNC110 - what is waited for happens in other processes
                await asyncio.sleep(0.01)


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    made = Centre(tmp_path)
    controller = asyncio.create_task(made.link.run())
    await made.until(lambda: made.link.connected)
    yield made
    controller.cancel()
    await asyncio.gather(controller, return_exceptions=True)


class Wire:
    """The cable between our agent and the printer: once a job has brought `after` bytes, `act` is done first."""

    def __init__(self, target: int) -> None:
        self.port = 0
        self.after = 0
        self.act: Callable[[], Any] | None = None
        self._target = target
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        ways = [asyncio.create_task(self._carry(reader, back)), asyncio.create_task(self._return(there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for end in (back, writer):
            end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        carried = 0
        while data := await reader.read(2048):
            carried += len(data)
            if self.act is not None and carried > self.after:
                act, self.act = self.act, None
                await act()
            writer.write(data)
            await writer.drain()

    async def _return(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(2048):
            writer.write(data)
            await writer.drain()


@pytest.fixture
async def wire(emupos: Emupos) -> AsyncIterator[Wire]:
    async with Wire(emupos.port) as made:
        yield made


@pytest.fixture
def read_codes(tmp_path: Path) -> Callable[[list[Path]], list[str | None]]:
    """Give what `zbarimg` reads in each picture, None where it finds no code."""

    def read(paths: list[Path]) -> list[str | None]:
        found: list[str | None] = []
        for at, path in enumerate(paths):
            page = Image.open(path).convert("L")
            framed = Image.new("L", (page.width + 64, page.height + 64), 255)
            framed.paste(page, (32, 32))
            framed.save(tmp_path / f"framed-{at}.png")
            done = subprocess.run(
                ["zbarimg", "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", tmp_path / f"framed-{at}.png"],
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode in {0, 4}, done.stderr
            found.append(done.stdout.strip() or None)
        return found

    return read
