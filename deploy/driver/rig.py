"""A kiosk at work for a proof: Xvfb, controller with its broker, the kiosk's window, and a printer that keeps all."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from broker.runtime.catalogue import Catalogue, catalogue
from deploy.demo.printer_sink import PrinterSink
from deploy.demo.processes import DemoFault, Programs
from deploy.demo.screen import start_xvfb
from deploy.driver.centre import COUNTER, KIOSK, PIN, PRINTER, PROCEDURES, SERVICE_ID, centre_text
from deploy.driver.hand import Hand
from deploy.driver.local_centre import CENTRE, Served
from deploy.driver.local_language import bring, in_columns, in_tables, words_with
from deploy.driver.pseudo_language import PSEUDO
from deploy.driver.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

START_SECONDS = 60.0


@dataclass(slots=True)
class Rig:
    """The parts of a proof; `size` is the window's, which stands in the upper left corner of `display`.

    `texts` are the kiosk's words, those of a language of the centre's own among them.
    """

    folder: Path
    size: tuple[int, int]
    display: str
    programs: Programs
    centre: Served
    paper: PrinterSink
    hand: Hand
    seen: Watcher
    texts: Catalogue

    async def start_kiosk(self) -> None:
        """Start the kiosk's program, which drives its printer too, and return when its first screen stands."""
        await self.run_kiosk()
        await self.until_ready()

    async def run_kiosk(self) -> None:
        """Start the kiosk's program, whatever screen it will show, and return at once."""
        await self.programs.luot(
            KIOSK, "kiosk", "--mqtt", f"mqtt://{self.centre.mqtt}", "--centre", CENTRE, "--device", KIOSK,
            "--data", str(self.folder / "devices" / KIOSK), "--size", f"{self.size[0]}x{self.size[1]}",
            "--position", "0,0", "--record", str(self.seen.record), extra=self.kiosk_environment,
        )  # fmt: skip

    async def kill_kiosk(self) -> None:
        """End the kiosk's program as a crash would: it does nothing more, and no screen of it stands."""
        process = self.programs.running.pop(KIOSK)
        process.kill()
        await process.wait()
        self.seen.look().standing = None

    @property
    def kiosk_environment(self) -> dict[str, str]:
        """What the kiosk's program finds in its environment."""
        words = self.centre.passwords
        return {"LUOT_PASSWORD": words[KIOSK], "LUOT_PRINTER_PASSWORD": words[PRINTER], "DISPLAY": self.display}

    async def until_ready(self) -> None:
        """Wait until the first screen invites to touch it; a kiosk that ends before is a `DemoFault`."""
        try:
            await self.seen.until(
                lambda seen: seen.standing and seen.standing.screen == "welcome" and "-away" not in seen.standing.face,
                "the first screen", START_SECONDS,
            )  # fmt: skip
        except DemoFault as fault:
            raise DemoFault(f"{fault}: {self.programs.last_words(KIOSK)}") from fault

    def alive(self) -> None:
        """Hold that every program of the rig runs; one that ended is a `DemoFault` with its last words."""
        for name, process in self.programs.running.items():
            if process.returncode is not None:
                raise DemoFault(f"{name} ended with {process.returncode}: {self.programs.last_words(name)}")

    def picture(self) -> bytes:
        """Give the pixels of the kiosk's window."""
        return self.hand.picture(*self.size)

    # ---- the hall behind the kiosk ----

    async def post(self, path: str, body: dict[str, object]) -> dict[str, object]:
        """Let the administrator do something over HTTP."""
        async with httpx.AsyncClient(base_url=f"http://{self.centre.http}/api/v1", timeout=30) as client:
            answer = await client.post(path, json=body, headers=self.centre.bearer)
            told: dict[str, object] = answer.raise_for_status().json()
            return told

    async def give_a_pin(self) -> None:
        """Give the staff of the kiosk their PIN, as an administrator does."""
        data = str(self.centre.folder / "data")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "luot", "device", "pin", KIOSK, "--stdin", "--data", data,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, said = await process.communicate(f"{PIN}\n".encode())
        if process.returncode:
            raise DemoFault(f"no PIN for the kiosk: {said.decode().strip()}")

    async def give_procedures(self) -> None:
        """Bring in what citizens may read, and wait until the kiosk offers it."""
        file = self.folder / "procedures.csv"
        local = PSEUDO in self.texts.languages
        file.write_text(in_columns(PROCEDURES) if local else PROCEDURES, encoding="utf-8")
        data = str(self.centre.folder / "data")
        await self.programs.output("procedures", "centre", "procedures", "import", str(file), "--data", data)
        without = self.seen.standing.targets if self.seen.standing else {}
        await self.seen.until(
            lambda seen: seen.standing and len(seen.standing.targets) > len(without), "the procedures to read", 60
        )

    async def a_ticket(self, *, served: bool = False) -> str:
        """Give the token of a ticket of the reception that waits, or of one that was called and served."""
        ticket = await self.post("/tickets", {"service": SERVICE_ID})
        if served:
            await self.post(f"/counters/{COUNTER}/open", {})
            call = {"number": ticket["number"], "reason": "a proof"}
            await self.post(f"/counters/{COUNTER}/call", call)
            await self.post(f"/counters/{COUNTER}/finish", {})
            await self.post(f"/counters/{COUNTER}/close", {})
        return str(ticket["token"])

    async def journal(self) -> list[dict[str, Any]]:
        """Give every event of the journal, in order."""
        return await journal(self.centre)


async def journal(centre: Served) -> list[dict[str, Any]]:
    """Give every event of a centre's journal, in order."""
    events: list[dict[str, Any]] = []
    after = 0
    while page := (await centre.get(f"/events?after={after}&limit=500"))["items"]:
        events += page
        after = page[-1]["seq"]
    return events


@asynccontextmanager
async def rig(
    folder: Path, size: tuple[int, int], languages: Sequence[str] = ("vi", "en"), *, kiosk: bool = True, more: int = 0
) -> AsyncIterator[Rig]:
    """Set everything up in a folder, and end it all with the block; without `kiosk` its program is not there.

    The centre has `more` services than the proofs need. The pseudo-language comes as a local language does.
    """
    local = folder / "texts" if PSEUDO in languages else None
    programs = Programs(folder / "logs", bring(local) if local else {})
    texts = words_with(local) if local else catalogue("kiosk")
    xvfb, display = await start_xvfb(*size)
    programs.running["xvfb"] = xvfb
    hand = Hand(display)
    try:
        async with PrinterSink(folder=folder / "slips") as paper:
            try:
                centre = Served(folder, programs)
                tables = centre_text(paper.address, languages, more)
                centre.write(in_tables(tables) if local else tables)
                await centre.start()
                await centre.sign_in([KIOSK, PRINTER])
                seen = Watcher(folder / "record.jsonl")
                made = Rig(folder, size, display, programs, centre, paper, hand, seen, texts)
                if kiosk:
                    await made.start_kiosk()
                yield made
            finally:
                hand.close()
                await programs.stop_all()
    finally:
        await programs.stop_all()
