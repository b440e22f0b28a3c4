"""What is wrong with a configuration: the faults of its words as pydantic finds them, and of what it refers to.

References are checked among the entries as far as they can be read, so that one fault does not hide another; the id of
an entry that cannot be read still counts as known.
"""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from broker.contract.ids import CONTROLLER
from broker.contract.payloads import Kind
from controller.domain.centre.model import (
    NORMAL,
    Counter,
    Day,
    Device,
    Dossier,
    Group,
    Hours,
    Identity,
    Level,
    NumberRange,
    Officer,
    Priority,
    Rating,
    Reason,
    Service,
    Zone,
)
from controller.domain.centre.partial import PartialConfiguration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pydantic import ValidationError

AT_A_COUNTER: Final = (Kind.RATER, Kind.KEYPAD, Kind.SIGN)
"""Kinds of devices that belong to a counter."""


@dataclass(frozen=True, slots=True)
class ConfigFault:
    """One fault: its place, as `service[3].group`, and what is wrong in an English sentence."""

    place: str
    message: str


class CentreFaults(Exception):  # noqa: N818 - the name says that there are several
    """A configuration that cannot be used, with all its faults."""

    def __init__(self, faults: tuple[ConfigFault, ...]) -> None:
        super().__init__("\n".join(f"{fault.place}: {fault.message}" for fault in faults))
        self.faults = faults


def in_words(error: ValidationError) -> list[ConfigFault]:
    """Give pydantic's faults with their places."""
    return [ConfigFault(_place(found["loc"]), _words(found["type"], found["msg"])) for found in error.errors()]


def _place(steps: Iterable[int | str]) -> str:
    place = ""
    for step in steps:
        if isinstance(step, int):
            place += f"[{step}]"
        elif step != "[key]":
            place += f".{step}" if place else step
    return place or "the file"


def _words(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "this key is not known"
    if kind == "missing":
        return "is missing"
    return message.removeprefix("Value error, ").removeprefix("Input should ").replace("String should ", "")


def crossed(data: Mapping[str, Any]) -> list[ConfigFault]:
    """Give every fault of what the entries say about each other."""
    builder = PartialConfiguration(data)
    checks: tuple[Callable[[PartialConfiguration], Iterator[ConfigFault]], ...] = (
        _needed,
        _services, _series, _counters, _officers, _priorities, _calendar, _rating, _codes, _cards, _devices, _offline,
    )  # fmt: skip
    faults = [fault for check in checks for fault in check(builder)]
    return [fault for fault in faults if builder.says_something(fault.place)]


def twice(named: Iterable[tuple[str, str]], what: str) -> Iterator[ConfigFault]:
    """Tell of every place whose name has been used at an earlier one."""
    seen: dict[str, str] = {}
    for place, name in named:
        if name in seen:
            yield ConfigFault(place, f'{what} "{name}" is used already at {seen[name]}')
        seen.setdefault(name, place)


def _unknown(place: str, names: Iterable[str] | None, known: set[str], what: str) -> Iterator[ConfigFault]:
    """Tell of names that nothing bears, and of those listed twice."""
    for name, times in Tally(names or ()).items():
        if name not in known:
            yield ConfigFault(place, f'there is no {what} "{name}"')
        if times > 1:
            yield ConfigFault(place, f'{what} "{name}" is listed {times} times')


def _needed(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    for table in ("hours", "service"):
        if isinstance(builder.data.get(table, []), list | tuple) and not builder.raw(table):
            yield ConfigFault(table, "needs at least one entry")


def _services(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    groups, services = builder.read("group", Group), builder.read("service", Service)
    yield from twice(((f"{place}.id", group.id) for place, group in groups), "the id")
    yield from twice(((f"{place}.id", service.id) for place, service in services), "the id")
    for place, service in services:
        yield from _unknown(f"{place}.group", [service.group], builder.groups, "group")


def _series(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    used = {service.series: place for place, service in reversed(builder.read("service", Service))}
    ranges = builder.read("series", NumberRange)
    yield from twice(((f"{place}.id", one.id) for place, one in ranges), "the series")
    for place, one in ranges:
        yield from _unknown(f"{place}.id", [one.id], set(used), "service with the series")
        if one.last is not None and one.last <= one.first:
            yield ConfigFault(f"{place}.last", f"must be greater than first ({one.first})")
    for series, place in sorted(used.items()):
        for other in sorted(used):
            if series != other and series.startswith(other) and series.removeprefix(other).isdigit():
                message = f'numbers of series "{series}" could be numbers of series "{other}"'
                yield ConfigFault(f"{place}.series", message)


def _counters(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    counters = builder.read("counter", Counter)
    yield from twice(((f"{place}.id", counter.id) for place, counter in counters), "the id")
    for place, counter in counters:
        yield from _unknown(f"{place}.services", counter.services, builder.services, "service")
        if not counter.services:
            yield ConfigFault(f"{place}.services", "a counter needs a service to serve")
    zones = {counter.zone for _, counter in counters}
    notices = builder.read("zone", Zone)
    yield from twice(((f"{place}.id", zone.id) for place, zone in notices), "the id")
    for place, zone in notices:
        yield from _unknown(f"{place}.id", [zone.id], zones, "counter in zone")


def _officers(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    officers = builder.read("officer", Officer)
    yield from twice(((f"{place}.user", officer.user) for place, officer in officers), "the user")
    for place, officer in officers:
        yield from _unknown(f"{place}.services", officer.services, builder.services, "service")


def _priorities(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    priorities = builder.read("priority", Priority)
    yield from twice(((f"{place}.id", priority.id) for place, priority in priorities), "the id")
    for place, priority in priorities:
        if priority.id == NORMAL:
            yield ConfigFault(f"{place}.id", f'"{NORMAL}" is built in and cannot be configured')


def _calendar(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    for place, hours in builder.read("hours", Hours):
        yield from _unknown(f"{place}.services", hours.services, builder.services, "service")
        yield from twice(((f"{place}.days", day) for day in hours.days), "the day")
    for place, day in builder.read("day", Day):
        yield from _unknown(f"{place}.services", day.services, builder.services, "service")
        if day.like is not None and day.open:
            yield ConfigFault(f"{place}.like", 'a date is either like a day of the week or has its own "open"')


def _rating(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    rating = builder.read_one("rating", Rating)
    if rating is None:
        return
    if len(rating.levels) < 2:
        yield ConfigFault("rating.levels", "a scale needs at least two levels")
    yield from _levels("rating", rating.levels)
    if any(level.reason == "required" for level in rating.levels) and not rating.reasons:
        yield ConfigFault("rating.reasons", "a level requires a reason, and there is none to choose")
    yield from twice(
        ((f"rating.reasons[{index}].code", reason.code) for index, reason in enumerate(rating.reasons)), "the code"
    )
    yield from twice(((f"rating.criteria[{index}].id", one.id) for index, one in enumerate(rating.criteria)), "the id")
    for index, criterion in enumerate(rating.criteria):
        yield from _levels(f"rating.criteria[{index}]", criterion.levels)


def _levels(place: str, levels: tuple[Level, ...]) -> Iterator[ConfigFault]:
    named = [(f"{place}.levels[{index}].score", str(level.score)) for index, level in enumerate(levels)]
    yield from twice(named, "the score")
    scores = [level.score for level in levels]
    if len(set(scores)) == len(scores) and scores not in (sorted(scores), sorted(scores, reverse=True)):
        yield ConfigFault(f"{place}.levels", "the scores must rise or fall from level to level")


def _codes(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    for table in ("pause", "outcome"):
        reasons = builder.read(table, Reason)
        yield from twice(((f"{place}.code", reason.code) for place, reason in reasons), "the code")


def _cards(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    dossier, identity = builder.read_one("dossier", Dossier), builder.read_one("identity", Identity)
    if dossier is not None:
        yield from _unknown("dossier.receipt_services", dossier.receipt_services, builder.services, "service")
    if identity is not None:
        yield from _unknown("identity.services", identity.services, builder.services, "service")


def _devices(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    devices = builder.read("device", Device)
    yield from twice(((f"{place}.id", device.id) for place, device in devices), "the id")
    kinds = {device.id: device.kind for _, device in reversed(devices)}
    zones = {counter.zone for _, counter in builder.read("counter", Counter)}
    for place, device in devices:
        if device.id == CONTROLLER:
            yield ConfigFault(f"{place}.id", f'"{CONTROLLER}" is the controller itself; a device needs another id')
        if device.counter is not None:
            yield from _unknown(f"{place}.counter", [device.counter], builder.counters, "counter")
        elif device.kind in AT_A_COUNTER:
            yield ConfigFault(f"{place}.counter", f"a {device.kind} needs its counter")
        if device.pin is not None and device.kind is not Kind.KIOSK:
            yield ConfigFault(f"{place}.pin", f"a {device.kind} has no PIN")
        yield from _unknown(f"{place}.services", device.services, builder.services, "service")
        yield from _unknown(f"{place}.priorities", device.priorities, builder.priorities, "priority")
        if device.zone is not None and builder.counters:
            yield from _unknown(f"{place}.zone", [device.zone], zones, "counter in zone")
        yield from _bound(f"{place}.printer", device.printer, Kind.PRINTER, builder, kinds)
        yield from _fallback(place, device, builder, kinds)
        yield from _bound(f"{place}.attached", device.attached, Kind.KIOSK, builder, kinds)


def _fallback(
    place: str, device: Device, builder: PartialConfiguration, kinds: Mapping[str, Kind]
) -> Iterator[ConfigFault]:
    """Require that a slip which one printer did not print goes to another one."""
    place, name = f"{place}.fallback_printer", device.fallback_printer
    if name is None:
        return
    yield from _bound(place, name, Kind.PRINTER, builder, kinds)
    if device.kind is not Kind.KIOSK:
        yield ConfigFault(place, f"a {device.kind} prints no slips elsewhere")
    elif device.printer is None:
        yield ConfigFault(place, "needs a printer of its own first")
    elif name == device.printer:
        yield ConfigFault(place, "must be another printer than its own")


def _bound(
    place: str, name: str | None, kind: Kind, builder: PartialConfiguration, kinds: Mapping[str, Kind]
) -> Iterator[ConfigFault]:
    """Require that a device names another one of the right kind, or none."""
    if name is None:
        return
    if name not in builder.ids("device"):
        yield ConfigFault(place, f'there is no device "{name}"')
    elif kinds.get(name, kind) is not kind:
        yield ConfigFault(place, f'device "{name}" is a {kinds[name]}, not a {kind}')


def _offline(builder: PartialConfiguration) -> Iterator[ConfigFault]:
    devices = builder.read("device", Device)
    series = {service.series for _, service in builder.read("service", Service)}
    named = [(f"{place}.offline", device.offline, device) for place, device in devices if device.offline is not None]
    yield from twice(((place, name) for place, name, _ in named), "the offline series")
    for place, name, device in named:
        if device.kind is not Kind.KIOSK:
            yield ConfigFault(place, f"a {device.kind} gives no numbers")
        for begin in sorted(one for one in series if name.startswith(one)):
            yield ConfigFault(place, f'the offline series "{name}" begins with the series "{begin}" of a service')
