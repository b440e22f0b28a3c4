"""The cable is cut while citizens come: `python -m tests.proof.cable_cut FOLDER CITIZENS SECONDS [--relay]`.

A kiosk with its printer stands at one end, controller and broker at the other. While nothing arrives, each citizen
touches the way to a number; afterwards the journal, the slips and what the kiosk wrote down are held together.
It is started by what `command()` gives, in namespaces of its own. Prints one JSON object; exit status 1 when something
does not hold.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from deploy.demo.escpos_reader import read_qr
from deploy.demo.processes import DemoFault, Programs, ready_line
from deploy.demo.screen import start_xvfb
from deploy.driver.centre import GROUP, KIOSK, PRINTER, SERVICE, centre_text
from deploy.driver.citizen import take_a_number
from deploy.driver.hand import Hand
from deploy.driver.local_centre import CENTRE, Served, host_and_port
from deploy.driver.rig import journal
from deploy.driver.watcher import Watcher
from tests.proof.cable import Cable, relay, veth

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = (540, 960)
PAPER_PORT = 9100
AFTER = 3
"""Citizens who come when the cable is mended."""
HANDED_IN_S = 120.0


@dataclass(slots=True)
class Cut:
    """What was seen: the numbers by the kiosk's record, the codes on the slips, the journal's tickets."""

    cable: str
    seconds: float
    offline: list[str]
    after: list[str]
    tokens: list[str]
    slips: list[str | None]
    journal: list[dict[str, Any]]
    took: float = 0.0
    faults: list[str] = field(default_factory=list)


def held_against(cut: Cut, citizens: int) -> list[str]:
    """Give what does not hold."""
    issued = [event for event in cut.journal if event["type"] in ("issued", "renumbered")]
    numbers = [str(event["data"]["number"]) for event in issued]
    told = [*cut.offline, *cut.after]
    expected = [f"Z1-{count:03d}" for count in range(1, citizens + 1)]
    seqs = [event["seq"] for event in cut.journal]
    checks = {
        f"the kiosk gave {cut.offline} while it was alone": cut.offline == expected,
        f"the journal holds {numbers}, the kiosk gave {told}": [n for n in numbers if n in told] == told,
        f"numbers twice in the journal: {numbers}": len(set(numbers)) == len(numbers),
        f"after it was mended the kiosk gave {cut.after}": all(number.startswith("A") for number in cut.after),
        f"{len(cut.slips)} slips for {len(told)} numbers": sorted(map(str, cut.slips)) == sorted(cut.tokens),
        f"the journal has a gap: {seqs}": seqs == list(range(seqs[0], seqs[0] + len(seqs))),
    }
    return [what for what, holds in checks.items() if not holds]


async def prove(folder: Path, citizens: int, seconds: float, cable: Cable) -> Cut:
    """Live through it."""
    programs = Programs(folder / "logs", {})
    try:
        xvfb, display = await start_xvfb(*SIZE)
        programs.running["xvfb"] = xvfb
        centre = Served(folder, programs, listen=cable.hall)
        seen, hand = Watcher(folder / "record.jsonl"), Hand(display)
        await _open(centre, cable, seen, display)
        await cable.cut()
        begin = time.monotonic()
        for count in range(citizens):
            await _at(begin + count * seconds / citizens)
            await take_a_number(seen, hand, GROUP, SERVICE)
        await _at(begin + seconds)
        offline = list(seen.look().issued)
        await cable.mend()
        took = time.monotonic() - begin
        await _handed_in(centre, len(offline))
        await seen.until(lambda _: seen.standing and "-away" not in seen.standing.face, "the centre again", HANDED_IN_S)
        for _ in range(AFTER):
            await take_a_number(seen, hand, GROUP, SERVICE)
        hand.close()
        slips = await asyncio.to_thread(_codes, folder / "slips")
        after = seen.look().issued[len(offline) :]
        return Cut(cable.name, seconds, offline, after, seen.tokens, slips, await journal(centre), took)
    finally:
        await programs.stop_all()


async def _open(centre: Served, cable: Cable, seen: Watcher, display: str) -> None:
    """Start the centre at one end, and the kiosk with its printer at the other."""
    programs, folder = centre.programs, centre.folder
    port = str(PAPER_PORT if cable.inside else 0)
    paper = await programs.start(
        "paper", *cable.inside, sys.executable, "-m", "tests.proof.paper", port, str(folder / "slips"), pipe=True
    )
    address = (await ready_line(paper, 30)).split()[1]
    centre.write(centre_text(address))
    await centre.start()
    await centre.sign_in([KIOSK, PRINTER])
    reached = await cable.reaches(host_and_port(centre.mqtt)[1])
    words = centre.passwords
    await programs.start(
        KIOSK, *cable.inside, sys.executable, "-m", "luot", "kiosk", "--mqtt", f"mqtt://{reached}", "--centre", CENTRE,
        "--device", KIOSK, "--data", str(folder / KIOSK), "--size", f"{SIZE[0]}x{SIZE[1]}", "--position", "0,0",
        "--record", str(seen.record),
        extra={"LUOT_PASSWORD": words[KIOSK], "LUOT_PRINTER_PASSWORD": words[PRINTER], "DISPLAY": display},
    )  # fmt: skip
    try:
        await seen.until(
            lambda _: seen.standing and seen.standing.screen == "welcome" and "-away" not in seen.standing.face,
            "the first screen", 60,
        )  # fmt: skip
    except DemoFault as fault:
        raise DemoFault(f"{fault}: {programs.last_words(KIOSK)}") from fault


async def _at(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def _handed_in(centre: Served, count: int) -> None:
    """Wait until the journal holds so many tickets of the kiosk's own series."""
    deadline = time.monotonic() + HANDED_IN_S
    while time.monotonic() < deadline:
        numbers = {str(event["data"].get("number", "")) for event in await journal(centre)}
        if sum(number.startswith("Z1-") for number in numbers) >= count:
            return
        await asyncio.sleep(0.5)
    raise DemoFault(f"the {count} numbers were not handed in within {HANDED_IN_S:.0f} s")


def _codes(folder: Path) -> list[str | None]:
    """Read the token on each slip that was printed."""
    found: list[str | None] = []
    for path in sorted(folder.glob("slip-*.png")):
        with Image.open(path) as image:
            found += [code.rpartition("/")[2] if code else None for code in read_qr([image.convert("1")])]
    return found


def command(folder: Path, citizens: int, seconds: float, *, wrap: Sequence[str] = ()) -> list[str]:
    """Give the command line of the proof; without `wrap` (what starts it in namespaces of its own) it takes a relay."""
    how = [] if wrap else ["--relay"]
    return [*wrap, sys.executable, "-m", "tests.proof.cable_cut", str(folder), str(citizens), str(seconds), *how]


async def main(folder: Path, citizens: int, seconds: float, *, relayed: bool) -> int:
    """Prove it and print what was seen."""
    async with relay() if relayed else veth() as cable:
        cut = await prove(folder, citizens, seconds, cable)
    faults = held_against(cut, citizens)
    told = {
        "cable": cut.cable, "cut_s": round(cut.took, 1), "citizens": citizens, "offline": len(cut.offline),
        "slips": len(cut.slips), "after": cut.after, "in_journal": sum(e["type"] == "issued" for e in cut.journal),
        "faults": faults,
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False))  # noqa: T201 - what the caller reads
    return 1 if faults else 0


if __name__ == "__main__":
    where, how_many, how_long = Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    raise SystemExit(asyncio.run(main(where, how_many, how_long, relayed="--relay" in sys.argv[4:])))
