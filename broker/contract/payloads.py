"""Every message of the contract as a typed model; fields that are not known are ignored."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from broker.contract.bounds import MANY, MessageId, Whole, Word
from broker.contract.errors import Code, PrintError
from broker.contract.ids import Id, Slug, Token
from broker.contract.times import Instant, Zone

Text = dict[str, str]
"""A text for people by language; a reader falls back to `vi`."""


class Kind(StrEnum):
    """What a device is; the configuration decides, never the device."""

    KIOSK = "kiosk"
    RATER = "rater"
    KEYPAD = "keypad"
    PRINTER = "printer"
    SIGN = "sign"
    BOARD = "board"


class Status(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    DONE = "done"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class CounterStatus(StrEnum):
    """What a counter does."""

    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"
    CALLING = "calling"
    SERVING = "serving"


class Origin(StrEnum):
    """Where a ticket came from: `channel` on the wire."""

    KIOSK = "kiosk"
    RECEPTION = "reception"
    WEB = "web"
    APPOINTMENT = "appointment"
    OFFLINE = "offline"


class Payload(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True, serialize_by_alias=True)


class Wait(Payload):
    """A range of seconds that a person will wait."""

    low_s: int
    high_s: int


class Ticket(Payload):
    """A ticket as its holder may see it."""

    id: Id
    number: str
    token: str | None = None
    service: Slug
    priority: str
    status: Status
    channel: Origin
    lang: str
    issued_at: Instant
    position: int | None = None
    wait: Wait | None = None
    counter: Slug | None = None
    counters: list[Slug] = []


class DeviceState(Payload):
    """Birth, heartbeat and will of a device; a will has only `online` and `session`."""

    online: bool
    session: Word
    kind: Kind | None = None
    version: Word | None = None
    at: Instant | None = None
    detail: dict[str, Any] = {}


class ControllerState(Payload):
    """Birth, heartbeat and will of the controller."""

    online: bool
    session: str
    version: str | None = None
    at: Instant | None = None


class CentreCard(Payload):
    """What every device is told about its centre."""

    id: Slug
    name: Text
    timezone: Zone
    languages: list[str]
    public_url: str


class RefusedNumber(Payload):
    """A number of a kiosk's own series that was refused for good, as `detail.refused` of its state tells it."""

    number: Word
    service: Word
    name: Text = {}
    code: Word


class DeviceConfig(Payload):
    """A device's configuration; what belongs to its kind is among the further fields (contract 8)."""

    model_config = ConfigDict(extra="allow", frozen=True)

    revision: int | str
    kind: Kind
    centre: CentreCard


class Request(Payload):
    """A request before its op is known; the op's own fields are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id
    op: Word
    at: Instant | None = None


class OfflineHandIn(Payload):
    """A number that a kiosk gave while nobody answered."""

    number: Word
    token: Token
    at: Instant
    replaces: Id | None = None


class IssueRequest(Payload):
    """Fields of op `issue`; `person` is a mark under the key of the day, for one number a person and day."""

    service: Word
    priority: Word = "normal"
    lang: Word = "vi"
    dossier: Word | None = None
    person: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_-]{43}$")
    offline: OfflineHandIn | None = None


class LookupRequest(Payload):
    """Fields of op `lookup`: one of the two."""

    token: Word | None = None
    number: Word | None = None


class ProceduresRequest(Payload):
    """Fields of op `procedures`: the list that is being read, and how many of its procedures are there already."""

    revision: Word | None = None
    after: int = Field(default=0, ge=0, le=2**31)


class Procedure(Payload):
    """A procedure as people read it: an item of the answer to op `procedures`."""

    code: str
    service: Slug | None = None
    group: Slug | None = None
    name: Text
    papers: list[Text] = []
    fee: Text = {}
    time: Text = {}
    where: Text = {}


class ProcedurePage(Payload):
    """The answer to op `procedures`; `next` is what to ask with `after`, null after the last."""

    revision: str
    items: list[Procedure]
    next: int | None = None


class TokenRequest(Payload):
    """Fields of ops `cancel` and `reprint`."""

    token: Word


class RateRequest(Payload):
    """Fields of op `rate`: by `token`, or from a rater by `visit`."""

    token: Word | None = None
    visit: Word | None = None
    score: Whole
    version: Whole
    reasons: list[Word] = Field(default=[], max_length=MANY)
    comment: str | None = Field(default=None, max_length=2000)
    answers: dict[Word, Whole] = Field(default={}, max_length=MANY)


class ErrorBody(Payload):
    """A refusal as a device receives it."""

    code: Code
    message: Text = {}


class Reply(Payload):
    """The answer to a request or to a JSON press."""

    id: str
    ok: bool
    result: dict[str, Any] | None = None
    error: ErrorBody | None = None


class Button(StrEnum):
    """The buttons of a keypad (contract 5, down to `undo`)."""

    OPEN = "open"
    CLOSE = "close"
    NEXT = "next"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    PARK = "park"
    PAUSE = "pause"
    RESUME = "resume"
    UNDO = "undo"


class Press(Payload):
    """A button pressed; `id` is None for the plain text `next`. `for` absent and `for: null` differ: see `has_for`."""

    id: MessageId | None = None
    button: Word
    at: Instant | None = None
    for_: Annotated[Word | None, Field(alias="for")] = None

    @property
    def has_for(self) -> bool:
        """Tell whether the sender said which number it saw in hand."""
        return "for_" in self.model_fields_set


# ---- commands to devices ----


class Slip(Payload):
    """What stands on a slip besides the ticket."""

    centre: Text
    service: Text
    lines: list[Text] = []
    qr: str
    copy_: Annotated[bool, Field(alias="copy")] = False


class Command(Payload):
    """A command before its op is known; the op's own fields are kept."""

    model_config = ConfigDict(extra="allow", frozen=True)

    id: Id
    op: str
    ttl_s: int


class PrintCommand(Payload):
    """Fields of op `print`; `request` is the id of the request that made it, or null."""

    request: str | None = None
    ticket: Ticket
    slip: Slip


class Elsewhere(Payload):
    """Another printer than the kiosk's own, and what people call it (empty: by its id)."""

    printer: Slug
    label: Text = Field(default_factory=dict)


class PrintedCommand(Payload):
    """Fields of op `printed`; `elsewhere` is where the slip is printed instead, or was."""

    ticket: Id
    ok: bool | None
    error: PrintError | None = None
    elsewhere: Elsewhere | None = None


class Result(Payload):
    """A device's answer to a command; `ok` null is interim."""

    id: MessageId
    ok: bool | None
    error: Word | None = None


# ---- states and calls ----


class Ended(Payload):
    """The last visit that ended as done at a counter."""

    visit: str
    number: str
    at: Instant


class CounterState(Payload):
    """A counter as signs, keypads and officers see it."""

    counter: Slug
    label: Text
    status: CounterStatus
    number: str | None = None
    recall: int = 0
    since: Instant
    waiting: int = 0
    reason: Text | None = None
    ended: Ended | None = None


class ServiceState(Payload):
    """A service as kiosks and boards see it."""

    service: Slug
    name: Text
    open: bool
    waiting: int = 0
    serving: int = 0
    wait: Wait | None = None
    last_called: str | None = None


class Call(Payload):
    """One call of one number to one counter."""

    id: str
    number: str
    counter: Slug
    label: Text
    zone: Slug
    recall: int = 0
    priority: bool = False
    lang: str = "vi"
    at: Instant


class Board(Payload):
    """What boards of a zone show."""

    zone: Slug
    calls: list[Call] = []
    queues: list[ServiceState] = []
    notice: Text | None = None
    at: Instant


class Event(Payload):
    """A fact of the journal on its way upstream or out over HTTP."""

    v: Literal[1] = 1
    centre: Slug
    epoch: int
    seq: int
    config: int
    type: str
    at: Instant
    data: dict[str, Any]
