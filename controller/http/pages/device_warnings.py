"""Warnings for staff about devices, such as a printer without paper or a kiosk that is offline; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from broker.contract.errors import Code
from broker.contract.payloads import Kind, RefusedNumber
from broker.contract.texts import pick, readable
from broker.runtime.catalogue import error_text
from controller.settings import only_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from controller.domain.centre.centre import Centre

PRINTER: Final = frozenset({"paper_low", "paper_out", "cover_open", "cutter", "offline"})
"""States of a printer that staff can fix; `unknown` is also that of printers which never say anything."""

CITIZENS_NEED: Final = frozenset({Kind.KIOSK, Kind.PRINTER})


def device_warnings(devices: Iterable[Mapping[str, Any]], say: Callable[..., str], lang: str) -> list[str]:
    """Return one sentence for each fault of a device, in the order of the configuration."""
    return [
        say(f"trouble.{what}", device=pick(device.get("label") or {}, lang) or device["id"], **values)
        for device in devices
        for what, values in _wrong(device, lang)
    ]


def setup_warnings(centre: Centre, *, reachable: bool, say: Callable[..., str]) -> list[str]:
    """Return one sentence for each fault of the set-up that only an administrator can put right."""
    address = centre.card.public_url
    found = [say("trouble.public_url", address=address)] if reachable and only_here(address) else []
    return found + [say("trouble.disabled", place=place) for place in centre.disabled]


def _wrong(device: Mapping[str, Any], lang: str) -> Iterator[tuple[str, dict[str, str]]]:
    if device["at"] is None or device["kind"] not in CITIZENS_NEED:
        return  # never seen: it is not set up yet
    detail = device["detail"]
    for refused in _refused(detail.get("refused"), lang):
        yield "refused", refused
    if not device["online"]:
        yield "silent", {}
        return
    if detail.get("printer") in PRINTER:
        yield detail["printer"], {}
    if detail.get("storage") == "failing":
        yield "storage", {}
    if detail.get("config_refused") is not None:
        yield "config", {}


def _refused(reported: object, lang: str) -> Iterator[dict[str, str]]:
    """Return the rejected numbers that citizens hold, grouped by service and reason."""
    numbers: dict[tuple[str, str], list[str]] = {}
    for number in _readable(reported):
        name = readable(number.name, lang) or number.service
        numbers.setdefault((name, _reason(number.code, lang)), []).append(number.number)
    for (service, reason), together in numbers.items():
        yield {"numbers": ", ".join(together), "service": service, "reason": reason}


def _readable(reported: object) -> Iterator[RefusedNumber]:
    """Read what a device tells; what is of another form says nothing to anybody."""
    for one in reported if isinstance(reported, list) else ():
        try:
            yield RefusedNumber.model_validate(one)
        except ValidationError:
            continue


def _reason(code: str, lang: str) -> str:
    known = code if code in set(Code) else Code.BAD_REQUEST
    return readable(error_text(Code(known)), lang).rstrip(".")
