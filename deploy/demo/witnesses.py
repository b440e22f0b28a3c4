"""What the programs wrote down themselves, read back: kiosk, signs, voice, printers' sockets, reports, Prometheus."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx

from deploy.demo.reckoning import Books, Witness

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from deploy.demo.hall import Hall
    from deploy.demo.people import Book
    from deploy.demo.stage import Records

REPORTS = ("throughput", "satisfaction", "waiting", "officers", "estimates", "fairness")
AXES = ("hour", "service", "group", "counter", "officer", "channel", "priority")


def lines_of(path: Path) -> list[dict[str, Any]]:
    """Read a record of one JSON object a line; a device that wrote nothing has none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def numbers_in(paths: Iterable[Path], what: str) -> list[str]:
    """Give the numbers of a kind of record, in order."""
    return [row["number"] for path in paths for row in lines_of(path) if row.get("what") == what]


def gather(book: Book, records: Records, hall: Hall, printed: list[str]) -> Witness:
    """Put together what was seen outside the controller; `printed` was read back from the printers' bytes."""
    signs = [records.of(device["id"]) for device in hall.devices("sign")]
    boards = [records.of(device["id"]) for device in hall.devices("board")]
    kiosks = [records.of(device["id"]) for device in hall.devices("kiosk")]
    return Witness(
        issued=numbers_in(kiosks, "issued") + book.issued,
        printed=printed,
        signed=set(numbers_in(signs, "shown")),
        spoken=set(numbers_in(boards, "spoken")),
        cancelled=set(book.cancelled),
        ratings=book.ratings,
    )


def token_numbers(tokens: list[str | None], by_token: dict[str, str]) -> list[str]:
    """Name each slip by the number that its kiosk gave with the code in its QR; a stray one stands as unknown."""
    return [by_token.get(token, f"unknown {token[:6]}") if token else "unreadable" for token in tokens]


async def still_waiting(hall: Hall) -> frozenset[str]:
    """Ask the controller who waits, by number."""
    items = (await hall.get("/waiting"))["items"]
    return frozenset(item["number"] for item in items if item["status"] in ("waiting", "parked"))


async def books_of(hall: Hall, day: str, left: frozenset[str]) -> Books:
    """Read the controller's own figures of the day over HTTP; `left` were waiting when the counters closed."""
    throughput = (await hall.get(f"/reports/throughput?from={day}&to={day}&by=day"))["total"]
    satisfaction = (await hall.get(f"/reports/satisfaction?from={day}&to={day}&by=day"))["total"]
    return Books(
        **{name: throughput[name] for name in
           ("issued", "called", "served", "no_show", "cancelled", "expired", "waiting", "in_hand")},
        completed=satisfaction["completed"],
        ratings=satisfaction["ratings"],
        still_waiting=left,
    )  # fmt: skip


async def keep_reports(hall: Hall, day: str, folder: Path) -> list[Path]:
    """Save every report that is built, by every axis, as JSON and as CSV."""
    kept: dict[str, bytes] = {}
    async with httpx.AsyncClient(base_url=f"{hall.http}/api/v1", headers=hall.bearer("giam-sat"), timeout=30) as client:
        for name in REPORTS:
            for axis in AXES:
                for suffix, kind in (("json", "application/json"), ("csv", "text/csv")):
                    query = {"from": day, "to": day, "by": axis}
                    answer = await client.get(f"/reports/{name}", params=query, headers={"Accept": kind})
                    answer.raise_for_status()
                    kept[f"{name}-by-{axis}.{suffix}"] = answer.content
    return await asyncio.to_thread(_write, folder, kept)


def _write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]


async def scraped(url: str) -> dict[str, int]:
    """Ask a Prometheus what it holds of the day; figures that it does not hold yet are left out."""
    found: dict[str, int] = {}
    async with httpx.AsyncClient(base_url=url, timeout=10) as client:
        for name in ("issued", "called", "served", "no_show"):
            answer = await client.get("/api/v1/query", params={"query": f"sum(luot_tickets_{name}_total)"})
            answer.raise_for_status()
            result = answer.json()["data"]["result"]
            if result:
                found[name] = round(float(result[0]["value"][1]))
    return found


async def settled(look: Any, want: Any, seconds: float) -> Any:  # noqa: ANN401 - whatever is compared
    """Ask again until the answer is the wanted one, at most for real seconds; give the last answer."""
    answer = await look()
    for _ in range(int(seconds * 5)):
        if answer == want:
            break
        await asyncio.sleep(0.2)
        answer = await look()
    return answer
