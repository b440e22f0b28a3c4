"""What the controller tells a kiosk and a rating pad about themselves (contract 8), as typed models.

Beside the contract's fields a kiosk reads, where they are there: `groups` (`[{"id", "name"}]`, without them a group
goes by its services), `services[].series` (the letter on the tile), `priorities[].proof` (what is to be shown at the
counter), `drives` (the attached printer, which this kiosk's process signs in for and drives), `procedures` (which
list of them is in force), `receipt` (what a dossier's code looks like, and the services that a receipt leads to),
`card_services` (those that give one number a person and day), `pin` (the argon2 hash of the staff's PIN; without it
there is no staff menu), and `further` (services that only the staff take numbers for here).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from broker.contract.hours import parse_span
from broker.contract.ids import Slug
from broker.contract.patterns import compiled
from broker.contract.payloads import CentreCard, Payload, Text

if TYPE_CHECKING:
    from broker.contract.payloads import DeviceConfig

NORMAL = "normal"


def _check_span(text: str) -> str:
    parse_span(text)
    return text


Hours = Annotated[str, AfterValidator(_check_span)]
"""A stretch of a day: `07:00-11:30`, with the blanks that a configuration may have around its times."""


class ServiceCard(Payload):
    """A service as a kiosk offers it."""

    id: Slug
    group: Slug
    name: Text
    series: str | None = None


class GroupCard(Payload):
    """Services that stand together."""

    id: Slug
    name: Text


class WeekHours(Payload):
    """Opening hours of some days of the week; with `services`, of those only."""

    days: tuple[str, ...]
    open: tuple[Hours, ...]
    services: tuple[str, ...] | None = None


class DayHours(Payload):
    """Opening hours of one date that differs; empty is closed, `like` takes those of a day of the week."""

    date: str
    open: tuple[Hours, ...] = ()
    like: str | None = None
    services: tuple[str, ...] | None = None


class PriorityCard(Payload):
    """A class of tickets that a citizen may choose; `proof` says what is to be shown at the counter."""

    id: str
    name: Text
    proof: Text = Field(default_factory=dict)


class Level(Payload):
    """A level of a rating scale."""

    score: int
    name: Text
    satisfied: bool
    reason: Literal["none", "optional", "required"] = "none"


class Reason(Payload):
    """Why somebody was not satisfied."""

    code: str
    name: Text


class Criterion(Payload):
    """A further question with levels of its own."""

    id: str
    name: Text
    levels: tuple[Level, ...]


class RatingScale(Payload):
    """The scale in force; without levels nothing is rated."""

    version: int = 1
    window_s: int = 30
    levels: tuple[Level, ...] = ()
    reasons: tuple[Reason, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    def level(self, score: int) -> Level | None:
        """Give the level of a score."""
        return next((level for level in self.levels if level.score == score), None)


class DrivenPrinter(Payload):
    """A printer that the kiosk's own process drives; the rest is in the printer's own configuration."""

    id: Slug


class ProcedureList(Payload):
    """Which list of procedures is in force: too long for a configuration, it is asked for (`app/procedures.py`)."""

    revision: str = ""
    count: int = 0


def _check_pattern(pattern: str) -> str:
    compiled(pattern)
    return pattern


class ReceiptReading(Payload):
    """How a dossier's receipt is read, and the services that hand its result back."""

    pattern: Annotated[str, AfterValidator(_check_pattern)]
    services: tuple[Slug, ...] = Field(min_length=1)


class KioskConfig(Payload):
    """A kiosk's configuration."""

    revision: int | str
    centre: CentreCard
    services: tuple[ServiceCard, ...] = ()
    groups: tuple[GroupCard, ...] = ()
    hours: tuple[WeekHours, ...] = ()
    days: tuple[DayHours, ...] = ()
    priorities: tuple[PriorityCard, ...] = ()
    rating: RatingScale = Field(default_factory=RatingScale)
    offline: str | None = None
    printer: Slug | None = None
    drives: DrivenPrinter | None = None
    procedures: ProcedureList = ProcedureList()
    receipt: ReceiptReading | None = None
    card_services: tuple[Slug, ...] = ()
    pin: str | None = Field(default=None, repr=False)
    further: tuple[ServiceCard, ...] = ()
    narrow: KioskConfig | None = Field(default=None, exclude=True)

    def widened(self) -> KioskConfig:
        """Give it with the services that only the staff take numbers for here; `narrow` is the way back."""
        return self.model_copy(update={"services": (*self.services, *self.further), "further": (), "narrow": self})

    @property
    def assisted(self) -> bool:
        """Tell whether the staff take a number for somebody."""
        return self.narrow is not None

    def wants_card(self, service: str) -> bool:
        """Tell whether a service gives one number a person and day; the staff take one also for who has no card."""
        return service in self.card_services and not self.assisted

    @property
    def languages(self) -> tuple[str, ...]:
        """The centre's languages, at least Vietnamese."""
        return tuple(self.centre.languages) or ("vi",)

    def service(self, service_id: str) -> ServiceCard | None:
        """Give a service by its id."""
        return next((service for service in self.services if service.id == service_id), None)

    def of_group(self, group: str) -> tuple[ServiceCard, ...]:
        """Give the services of a group in the configured order."""
        return tuple(service for service in self.services if service.group == group)

    @property
    def shown_groups(self) -> tuple[GroupCard, ...]:
        """The groups that have services, in the configured order; one without a name goes by its services' names."""
        named = {group.id: group for group in self.groups}
        order = [group.id for group in self.groups] + [service.group for service in self.services]
        return tuple(named.get(group) or self._unnamed(group) for group in dict.fromkeys(order) if self.of_group(group))

    def _unnamed(self, group: str) -> GroupCard:
        first, *others = self.of_group(group)
        more = " …" if others else ""
        return GroupCard(id=group, name={lang: name + more for lang, name in first.name.items()})


class RaterConfig(Payload):
    """A rating pad's configuration."""

    revision: int | str
    centre: CentreCard
    counter: Slug
    label: Text = Field(default_factory=dict)
    rating: RatingScale = Field(default_factory=RatingScale)


def kiosk_config(config: DeviceConfig) -> KioskConfig:
    """Read a kiosk's configuration; one that cannot be read is a pydantic ValidationError (a ValueError)."""
    return KioskConfig.model_validate(config.model_dump())


def rater_config(config: DeviceConfig) -> RaterConfig:
    """Read a rating pad's configuration; one that cannot be read is a pydantic ValidationError (a ValueError)."""
    return RaterConfig.model_validate(config.model_dump())
