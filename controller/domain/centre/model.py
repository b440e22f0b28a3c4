"""The tables of the centre's configuration (contract 14), one frozen model each; fields are the TOML's keys."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - pydantic reads the annotations of its properties
from datetime import date
from functools import cached_property
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from broker.contract.ids import Slug
from broker.contract.patterns import NotLinearError, Pattern, compiled
from broker.contract.payloads import Kind
from controller.domain.centre.formats import (
    check_address,
    check_hash,
    check_language,
    check_length,
    check_pattern,
    check_spans,
    check_text,
    check_timezone,
    check_url,
)

Text = Annotated[dict[str, str], AfterValidator(check_text), AfterValidator(check_length)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Spans = Annotated[tuple[str, ...], AfterValidator(check_spans)]
Series = Annotated[str, StringConstraints(pattern=r"^[A-ZĐ][A-ZĐ0-9]{0,3}$")]
ReasonCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$")]
User = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Minutes = Annotated[float, Field(gt=0, le=24 * 60, allow_inf_nan=False)]
Weight = Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)]
NORMAL: Final = "normal"


MOST_A_MINUTE: Final = 600
"""Numbers a minute that a limit of one kiosk may allow at most."""


class ConfigModel(BaseModel):
    """A table of the configuration: unknown keys are faults, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class Card(ConfigModel):
    """Table `[centre]`: what every device is told about its centre."""

    id: Slug
    name: Text
    timezone: Annotated[str, AfterValidator(check_timezone)] = "Asia/Ho_Chi_Minh"
    languages: tuple[Annotated[str, AfterValidator(check_language)], ...] = Field(default=("vi",), min_length=1)
    public_url: Annotated[str, AfterValidator(check_url)]


class Hours(ConfigModel):
    """Table `[[hours]]`: when some days of the week are open; with `services`, for those only."""

    days: tuple[Weekday, ...]
    open: Spans
    services: tuple[Slug, ...] | None = None


class Day(ConfigModel):
    """Table `[[day]]`: one date that differs.

    An empty `open` is closed, `like` takes the hours of a day of the week (a swapped working day), `services` None
    means all.
    """

    date: date
    open: Spans = ()
    like: Weekday | None = None
    services: tuple[Slug, ...] | None = None
    name: Text | None = None


class Group(ConfigModel):
    """Table `[[group]]`: services that stand together on the kiosk."""

    id: Slug
    name: Text


class Service(ConfigModel):
    """Table `[[service]]`: something citizens come for."""

    id: Slug
    group: Slug
    series: Series
    width: int = Field(default=3, ge=1, le=6)
    name: Text
    mean_service_min: Minutes = 10.0
    target_wait_min: Minutes | None = None
    daily_quota: int | None = Field(default=None, ge=1)
    stop_before_close_min: int | None = Field(default=None, ge=0, le=24 * 60)
    weight: Weight = 1.0
    carry_over: bool = False


class NumberRange(ConfigModel):
    """Table `[[series]]`: the numbers of a series, back to the first after the last."""

    id: Series
    first: int = Field(default=1, ge=0)
    last: int | None = Field(default=None, ge=1)


class Counter(ConfigModel):
    """Table `[[counter]]`: where citizens are served."""

    id: Slug
    label: Text
    zone: Slug = "hall"
    services: tuple[Slug, ...]
    prefer: Literal["all", "listed"] = "all"
    officer: User | None = None
    daily_quota: int | None = Field(default=None, ge=1)


class Officer(ConfigModel):
    """Table `[[officer]]`: an officer who serves only some services, wherever they sit."""

    user: User
    services: tuple[Slug, ...]


class Zone(ConfigModel):
    """Table `[[zone]]`: a notice for the boards of a zone."""

    id: Slug
    notice: Text | None = None


class Priority(ConfigModel):
    """Table `[[priority]]`: a class of tickets that gains on the others while it waits.

    `proof` says what its holder has to show at the counter.
    """

    id: Slug
    name: Text
    proof: Text | None = None
    weight: Weight = 1.0
    target_wait_min: Minutes | None = None
    grant: Literal["kiosk", "staff"] = "staff"


class Calling(ConfigModel):
    """Table `[calling]`: rules of calling, recalling and coming back."""

    most_priority_in_a_row: int = Field(default=2, ge=1)
    recalls_before_no_show: int = Field(default=0, ge=0, le=20)
    recall_pause_s: int = Field(default=0, ge=0, le=3600)
    recalls_max: int | None = Field(default=None, ge=1, le=20)
    no_show_after_s: int = Field(default=60, ge=1, le=3600)
    return_within_min: Minutes | None = None
    call_next_arrival: bool = False


class Limits(ConfigModel):
    """Table `[limits]`: what one kiosk may do within a minute of the hall's clock; left out, as much as it can."""

    tickets_per_minute: int | None = Field(default=None, ge=1, le=MOST_A_MINUTE)


class Closing(ConfigModel):
    """Table `[closing]`: a wait that is likely to last past the end of the opening hours."""

    estimate_passes: Literal["ignore", "warn", "refuse"] = "ignore"


class Level(ConfigModel):
    """A level of a rating scale."""

    score: int
    name: Text
    satisfied: bool
    reason: Literal["none", "optional", "required"] = "none"


class Reason(ConfigModel):
    """A reason by its code: of a bad rating, of a pause, an outcome."""

    code: ReasonCode
    name: Text


class Criterion(ConfigModel):
    """A further question of the rating."""

    id: ReasonCode
    name: Text
    levels: tuple[Level, ...]


class Rating(ConfigModel):
    """Table `[rating]`: the scale; without levels nothing is rated."""

    version: int = Field(default=1, ge=1)
    window_s: int = Field(default=30, ge=1, le=3600)
    levels: tuple[Level, ...] = ()
    reasons: tuple[Reason, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def by_score(self) -> Mapping[int, Level]:
        """Give the levels by their score."""
        return {level.score: level for level in self.levels}


class Device(ConfigModel):
    """Table `[[device]]`: one device; which keys belong to which kind: contract 8."""

    id: Slug
    kind: Kind
    counter: Slug | None = None
    zone: Slug | None = None
    printer: Slug | None = None
    fallback_printer: Slug | None = None
    offline: Series | None = None
    services: tuple[Slug, ...] | None = None
    priorities: tuple[Slug, ...] | None = None
    address: Annotated[str, AfterValidator(check_address)] | None = None
    width_mm: Literal[58, 80] | None = None
    attached: Slug | None = None
    label: Text | None = None
    pin: Annotated[str, AfterValidator(check_hash)] | None = Field(default=None, repr=False)


class SlipLines(ConfigModel):
    """Table `[slip]`: further lines on every slip."""

    lines: tuple[Text, ...] = ()


class Dossier(ConfigModel):
    """Table `[dossier]`: what a dossier code looks like; one that does not is noted and never blocks.

    A receipt that is scanned at a kiosk leads to `receipt_services`; without them receipts are not read.
    """

    pattern: Annotated[str, AfterValidator(check_pattern)]
    receipt_services: tuple[Slug, ...] = ()

    @cached_property
    def usable(self) -> Pattern | None:
        """Return the pattern, or None when it was stored before patterns had to be linear: it is never applied."""
        try:
            return compiled(self.pattern)
        except NotLinearError:
            return None


class Identity(ConfigModel):
    """Table `[identity]`: with `card`, these services give one number a person and day at a kiosk; left out, all."""

    card: bool = False
    services: tuple[Slug, ...] | None = None


class Upstream(ConfigModel):
    """Table `[upstream]`: the journal is published on `event`."""

    enabled: bool = True


BUILT_IN: Final = Priority(id=NORMAL, name={"vi": "Thường", "en": "Normal"}, weight=1.0, grant="kiosk")
