"""What an officer should know about devices in the hall: a printer without paper, a kiosk that is silent; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import Kind
from broker.contract.texts import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

PRINTER: Final = frozenset({"paper_low", "paper_out", "cover_open", "cutter", "offline"})
"""States of a printer that somebody can mend; `unknown` is also that of printers which never say anything."""

CITIZENS_NEED: Final = frozenset({Kind.KIOSK, Kind.PRINTER})


def troubles(devices: Iterable[Mapping[str, Any]], say: Callable[..., str], lang: str) -> list[str]:
    """Give one sentence for each thing to be mended, in the order of the configuration."""
    return [
        say(f"trouble.{what}", device=pick(device.get("label") or {}, lang) or device["id"])
        for device in devices
        for what in _wrong(device)
    ]


def _wrong(device: Mapping[str, Any]) -> Iterator[str]:
    if device["at"] is None or device["kind"] not in CITIZENS_NEED:
        return  # never seen: it is not set up yet
    if not device["online"]:
        yield "silent"
        return
    if device["detail"].get("printer") in PRINTER:
        yield device["detail"]["printer"]
    if device["detail"].get("storage") == "failing":
        yield "storage"
