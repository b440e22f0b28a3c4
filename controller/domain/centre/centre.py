"""The centre's configuration as a whole (contract 14): read with every fault at once, written back as it was."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations of its properties
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError

from broker.contract.hours import WEEKDAYS, parse_spans
from controller.domain.centre.calendar import Calendar, SpecialDay, WeekHours
from controller.domain.centre.check import CentreFaults, ConfigFault, crossed, in_words
from controller.domain.centre.formats import STORED
from controller.domain.centre.model import (
    NORMAL,
    Calling,
    Card,
    Closing,
    ConfigModel,
    Counter,
    Day,
    Device,
    Dossier,
    Group,
    Hours,
    Identity,
    Limits,
    NumberRange,
    Officer,
    Priority,
    Rating,
    Reason,
    Service,
    SlipLines,
    Upstream,
    Zone,
)
from controller.domain.centre.storable import unstorable

__all__ = ["NORMAL", "Centre", "CentreFaults", "ConfigFault", "parse_centre"]

BUILT_IN: Final = Priority(id=NORMAL, name={"vi": "Thường", "en": "Normal"}, weight=1.0, grant="kiosk")


class Centre(ConfigModel):
    """The whole configuration: fields named as the TOML's tables, and what is found in them by id."""

    card: Card = Field(alias="centre")
    hours: tuple[Hours, ...] = ()
    day: tuple[Day, ...] = ()
    group: tuple[Group, ...] = ()
    service: tuple[Service, ...] = ()
    series: tuple[NumberRange, ...] = ()
    counter: tuple[Counter, ...] = ()
    officer: tuple[Officer, ...] = ()
    zone: tuple[Zone, ...] = ()
    priority: tuple[Priority, ...] = ()
    calling: Calling = Calling()
    limits: Limits = Limits()
    closing: Closing = Closing()
    rating: Rating = Rating()
    device: tuple[Device, ...] = ()
    pause: tuple[Reason, ...] = ()
    outcome: tuple[Reason, ...] = ()
    slip: SlipLines = SlipLines()
    dossier: Dossier | None = None
    identity: Identity = Identity()
    upstream: Upstream | None = None

    @property
    def id(self) -> str:
        """Give the centre's slug."""
        return self.card.id

    @cached_property
    def timezone(self) -> ZoneInfo:
        """Give the centre's time zone."""
        return ZoneInfo(self.card.timezone)

    @cached_property
    def calendar(self) -> Calendar:
        """Give the opening times."""
        return calendar_of(self)

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """Give the groups by id."""
        return {group.id: group for group in self.group}

    @cached_property
    def services(self) -> Mapping[str, Service]:
        """Give the services by id."""
        return {service.id: service for service in self.service}

    @cached_property
    def counters(self) -> Mapping[str, Counter]:
        """Give the counters by id."""
        return {counter.id: counter for counter in self.counter}

    @cached_property
    def devices(self) -> Mapping[str, Device]:
        """Give the devices by id."""
        return {device.id: device for device in self.device}

    @cached_property
    def officers(self) -> Mapping[str, Officer]:
        """Give the officers that are limited to services, by user."""
        return {officer.user: officer for officer in self.officer}

    @cached_property
    def priorities(self) -> Mapping[str, Priority]:
        """Give the priority classes by id, the built-in `normal` first."""
        return {NORMAL: BUILT_IN} | {priority.id: priority for priority in self.priority}

    @cached_property
    def ranges(self) -> Mapping[str, NumberRange]:
        """Give the range of every series that services use, by series."""
        told = {number_range.id: number_range for number_range in self.series}
        return {service.series: told.get(service.series, NumberRange(id=service.series)) for service in self.service}

    @cached_property
    def counters_of(self) -> Mapping[str, tuple[str, ...]]:
        """Give the counters that serve a service, in the order of the configuration."""
        return {
            service.id: tuple(counter.id for counter in self.counter if service.id in counter.services)
            for service in self.service
        }

    @cached_property
    def card_services(self) -> tuple[str, ...]:
        """Give the services that give one number a person and day at a kiosk, in the order of the configuration."""
        if not self.identity.card:
            return ()
        chosen = self.identity.services
        return tuple(one.id for one in self.service if chosen is None or one.id in chosen)

    @cached_property
    def zones(self) -> tuple[str, ...]:
        """Give every zone that a counter stands in, in the order of the configuration."""
        return tuple(dict.fromkeys(counter.zone for counter in self.counter))

    @cached_property
    def disabled(self) -> tuple[str, ...]:
        """Return the places of a stored configuration that no new one may have, and that are not used."""
        return ("dossier.pattern",) if self.dossier is not None and self.dossier.usable is None else ()

    def to_document(self) -> dict[str, Any]:
        """Write the configuration back as JSON with the TOML's keys; what was left out stays out."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)


def parse_centre(data: Mapping[str, Any], *, stored: bool = False) -> Centre:
    """Read a configuration: parsed TOML, or JSON with the same keys; raises `CentreFaults` with every fault.

    One that is `stored` was accepted before: its texts may be longer than those of a new one.
    """
    faults: list[ConfigFault] = []
    centre = None
    try:
        centre = Centre.model_validate(dict(data), context=STORED if stored else None)
    except ValidationError as error:
        faults = in_words(error)
    faults += crossed(data)
    if not stored:
        faults += [ConfigFault(place, "holds a character that cannot be stored") for place in unstorable(dict(data))]
    if faults or centre is None:
        raise CentreFaults(tuple(sorted(faults, key=lambda fault: fault.place)))
    return centre


def calendar_of(centre: Centre) -> Calendar:
    """Give the opening times of a configuration."""
    return Calendar(
        timezone=centre.timezone,
        week=tuple(
            WeekHours(
                frozenset(WEEKDAYS.index(day) for day in hours.days),
                parse_spans(hours.open),
                None if hours.services is None else frozenset(hours.services),
            )
            for hours in centre.hours
        ),
        dates=tuple(
            SpecialDay(
                day.date,
                parse_spans(day.open),
                None if day.services is None else frozenset(day.services),
                None if day.like is None else WEEKDAYS.index(day.like),
            )
            for day in centre.day
        ),
        cut_offs={service.id: service.stop_before_close_min or 0 for service in centre.service},
    )
