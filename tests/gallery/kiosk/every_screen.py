"""Every face of the kiosk and of the pad, for the contact sheet and for the measuring of every text; pure."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from broker.contract.payloads import CounterState
from broker.contract.times import format_instant
from deploy.driver.pseudo_language import PSEUDO
from kiosk.flow.actions import (
    Begin,
    GiveScore,
    GoHome,
    GoOn,
    LookUp,
    OpenFind,
    OpenGroup,
    OpenModes,
    OpenPriorities,
    OpenStaff,
    PinEnter,
    PinKey,
    Speak,
    TakePriority,
    TakeService,
    TakeTask,
    ToggleMode,
    ToggleReason,
    TypeKey,
)
from kiosk.flow.events import (
    Configured,
    DiskChanged,
    Identify,
    LiveChanged,
    LookedAround,
    PinChecked,
    Scanned,
    ServiceChanged,
    SlipEnded,
    TrialEnded,
    VoidAnswered,
)
from kiosk.flow.rater import (
    PadConfigured,
    PadCounter,
    PadLive,
    PadReplied,
    PadTouched,
    RaterContext,
    RaterState,
    Sending,
)
from kiosk.flow.rater import step as pad_step
from kiosk.flow.rejected_tickets import NOT_TAKEN
from kiosk.flow.state import About
from kiosk.views.rater import build_rater
from tests.gallery.kiosk.choosing import choosing_faces, crowded_faces
from tests.gallery.kiosk.languages import calm_faces, language_faces
from tests.gallery.kiosk.procedures import reading_faces
from tests.gallery.kiosk.scene import Scene, in_pseudo, words
from tests.gallery.kiosk.specimens import (
    MONDAY_MORNING,
    a_kiosk,
    a_rater,
    a_service,
    ticket_data,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.flow.rater import PadEvent
    from kiosk.views.view_model import ViewModel

TICKET = ticket_data()["id"]
CARD = "0" * 12 + "|" * 6
DOSSIER_PATTERN = r"^(\d{3}\.\d{2}\.\d{2}\.)?H\d{2}(\.\d{2}){0,3}-\d{6}-\d{4,6}$"
CODE = "http://127.0.0.1:8000/t/" + "k" * 22


@cache
def kiosk_faces(lang: str) -> tuple[tuple[str, ViewModel], ...]:
    """Give every face of the kiosk by its name; they are made once."""
    return tuple(_kiosk_faces(lang))


def _kiosk_faces(lang: str) -> Iterator[tuple[str, ViewModel]]:
    yield from _menus(lang)
    yield from _tickets(lang)
    yield from _slips(lang)
    yield from _scans(lang)
    yield from _troubles(lang)
    yield from _staff(lang)
    yield from reading_faces(lambda: Scene.set_up(lang))
    yield from choosing_faces(partial(Scene.set_up, lang))
    yield from calm_faces(lang, partial(Scene.set_up, lang))


def many_faces(lang: str) -> Iterator[tuple[str, ViewModel]]:
    """Give the faces of a kiosk with more groups, services, priorities and languages than fit on a screen."""
    yield from crowded_faces(partial(Scene.set_up, lang))
    yield from language_faces(partial(Scene.set_up, lang))


def _staff(lang: str) -> Iterator[tuple[str, ViewModel]]:
    kiosk = Scene.set_up(lang, a_kiosk(pin="$argon2id$", drives={"id": "printer-1"})).issued()
    kiosk.touch(GoHome(), Speak(lang), OpenStaff())
    yield "pin", kiosk.face()
    kiosk.touch(*(PinKey(digit) for digit in "481572"))
    yield "pin-typed", kiosk.face()
    kiosk.touch(PinEnter())
    yield "pin-checking", kiosk.face()
    kiosk.play(PinChecked(kiosk.looked_at(), ok=False))
    yield "pin-wrong", kiosk.face()
    kiosk.touch(PinKey("0"), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=False, left_s=1920))
    yield "pin-locked", kiosk.face()
    kiosk.touch(GoHome(), Speak(lang), OpenStaff(), PinKey("4"), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=True))
    kiosk.play(LookedAround(About("0.1.0", linked=True, printer="cover_open", waiting=12)))
    yield "staff", kiosk.face()
    kiosk.touch(TakeTask("exit"))
    yield "staff-sure", kiosk.face()
    kiosk.touch(TakeTask("test"))
    yield "staff-waits", kiosk.face()
    kiosk.wait(20)
    yield "staff-unknown", kiosk.face()
    for code in ("not_allowed", "bad_state", "not_found", "bad_request", "other"):
        kiosk.touch(TakeTask("reprint"))
        kiosk.reply(code=code)
        yield f"staff-refused-{code.replace('_', '-')}", kiosk.face()
    for status in ("ok", "paper_low", "paper_out", "cutter", "offline", "unknown"):
        kiosk.touch(TakeTask("test"))
        kiosk.play(TrialEnded(kiosk.tested(), ok=False, error=status))
        kiosk.play(LookedAround(About("0.1.0", linked=False, printer=status, waiting=0)))
        yield f"staff-printer-{status.replace('_', '-')}", kiosk.face()
    bare = Scene.set_up(lang, a_kiosk(pin="$argon2id$", printer=None))
    bare.touch(OpenStaff(), PinKey("4"), PinEnter())
    bare.play(PinChecked(bare.looked_at(), ok=True))
    yield "staff-bare", bare.face()


def _menus(lang: str) -> Iterator[tuple[str, ViewModel]]:
    kiosk = Scene.set_up(lang)
    yield "welcome", kiosk.face()
    kiosk.touch(Begin())
    yield "groups", kiosk.face()
    kiosk.touch(OpenGroup("land"))
    yield "services", kiosk.face()
    kiosk.touch(OpenPriorities())
    yield "priorities", kiosk.face()
    kiosk.touch(TakePriority("pregnant"))
    yield "services-priority", kiosk.face()
    kiosk.wait(45)
    yield "still-there", kiosk.face()
    chooser = Scene.set_up(lang)
    chooser.touch(OpenModes(), ToggleMode("large"))
    yield "access", chooser.face()
    plain = Scene.set_up(lang, a_kiosk(groups=[], priorities=[]))
    plain.touch(Begin())
    yield "groups-unnamed", plain.face()


def _tickets(lang: str) -> Iterator[tuple[str, ViewModel]]:
    kiosk = Scene.set_up(lang)
    kiosk.touch(Begin(), TakeService("land"))
    yield "issuing", kiosk.face()
    kiosk.wait(2)
    yield "issuing-slow", kiosk.face()
    yield "ticket-printing", Scene.set_up(lang).issued().face()
    for name, ok, error in (("printed", True, None), ("failed", False, "paper_out"), ("unknown", None, None)):
        kiosk = Scene.set_up(lang).issued(priority="pregnant")
        kiosk.play(SlipEnded(TICKET, ok, error))
        kiosk.wait(16)
        yield f"ticket-{name}", kiosk.face()
    for name, ok in (("printing", None), ("printed", True), ("unknown", None)):
        kiosk = Scene.set_up(lang).issued(priority="pregnant")
        kiosk.play(SlipEnded(TICKET, ok, "paper_out", {"vi": "Kiosk 2, cạnh cửa ra vào", "en": "Kiosk 2, at the door"}))
        kiosk.wait(26 if name == "unknown" else 3)
        yield f"ticket-elsewhere-{name}", kiosk.face()
    yield "ticket-no-printer", Scene.set_up(lang, a_kiosk(printer=None)).issued(position=1, wait=None).face()
    evening = Scene.set_up(lang)
    evening.touch(Begin(), TakeService("land"))
    evening.reply({"ticket": ticket_data(), "warning": "estimate_passes_closing"})
    yield "ticket-late", evening.face()
    away = Scene.set_up(lang)
    away.play(LiveChanged(False))
    away.touch(Begin(), TakeService("land-info"))
    away.wait(3)
    away.play(VoidAnswered(away.asked().id, begun=False))
    yield "ticket-offline", away.face()
    away.play(DiskChanged(takes=False))
    yield "ticket-unstored", away.face()
    scanned = Scene.set_up(lang).issued()
    scanned.play(Scanned(CODE))
    yield "ticket-scan-unread", scanned.face()


def _slips(lang: str) -> Iterator[tuple[str, ViewModel]]:
    kiosk = Scene.set_up(lang)
    kiosk.touch(OpenFind())
    yield "find", kiosk.face()
    kiosk.touch(*(TypeKey(key) for key in "A007"))
    yield "find-typed", kiosk.face()
    kiosk.touch(LookUp())
    yield "looking", kiosk.face()
    for status in ("waiting", "called", "serving", "parked", "done", "no_show", "cancelled", "expired"):
        found = Scene.set_up(lang)
        found.touch(OpenFind(), TypeKey("A"), LookUp())
        counter = {"counter": "c12"} if status in {"called", "serving"} else {}
        waits = {} if status == "waiting" else {"position": None, "wait": None}
        found.reply({"ticket": ticket_data(status=status, **counter, **waits)})
        yield f"found-{status}", found.face()
    kiosk = Scene.set_up(lang)
    kiosk.play(Scanned(CODE))
    kiosk.reply({"ticket": ticket_data(status="done")})
    yield "rate", kiosk.face()
    kiosk.touch(GiveScore(1))
    yield "rate-reasons", kiosk.face()
    kiosk.touch(ToggleReason("slow"))
    yield "rate-reason-chosen", kiosk.face()
    kiosk.touch(GoOn())
    yield "rate-sending", kiosk.face()
    kiosk.reply({"rating": "r"})
    yield "thanks", kiosk.face()


def _scans(lang: str) -> Iterator[tuple[str, ViewModel]]:
    receipt = {"pattern": DOSSIER_PATTERN, "services": ["results", "land-info"]}
    both = a_kiosk(receipt=receipt, card_services=["land"])
    kiosk = Scene.set_up(lang, both)
    kiosk.touch(OpenFind())
    yield "find-receipt", kiosk.face()
    kiosk.play(Scanned("000.00.53.H48-220921-0099"))
    yield "receipt", kiosk.face()
    one = Scene.set_up(lang, a_kiosk(receipt=receipt | {"services": ["results"]}))
    one.play(Scanned("H48-220921-0099"))
    yield "receipt-one", one.face()
    kiosk = Scene.set_up(lang, both)
    kiosk.wait(1)
    kiosk.reply({"identity": {"day": kiosk.day, "key": "k" * 43}})
    kiosk.touch(Begin(), TakeService("land"))
    yield "card", kiosk.face()
    kiosk.play(Scanned(""))
    yield "scan-bad", kiosk.face()
    kiosk.wait(11)
    kiosk.touch(GoHome(), Speak(lang))
    kiosk.play(Scanned(CARD))
    yield "scan-card-later", kiosk.face()
    kiosk = Scene.set_up(lang)
    kiosk.play(Scanned(CARD))
    yield "scan-card-unused", kiosk.face()


def _troubles(lang: str) -> Iterator[tuple[str, ViewModel]]:
    reasons = ("service_closed", "quota_reached", "not_found", "not_rateable", "already_rated", "try_again")
    for code in (*reasons, NOT_TAKEN, "other"):
        kiosk = Scene.set_up(lang, a_kiosk(offline=None))
        kiosk.touch(Begin(), TakeService("land"))
        kiosk.reply(code=code)
        yield f"notice-{code.replace('_', '-')}", kiosk.face()
    kiosk = Scene.set_up(lang)
    kiosk.play(Identify(), LiveChanged(False))
    yield "welcome-away", kiosk.face()
    evening = Scene.set_up(lang)
    evening.play(LiveChanged(False))
    evening.instant += 12 * 3600 * 1000
    yield "closed", evening.face()
    full = Scene.set_up(lang)
    for service in full.state.config.services if full.state.config else ():
        full.play(ServiceChanged(service.id, a_service(service.id, open=False)))
    yield "closed-in-hours", full.face()
    yield "out-no-services", Scene.set_up(lang, a_kiosk(services=[])).face()
    lonely = Scene.set_up(lang, a_kiosk(offline=None))
    lonely.play(LiveChanged(False))
    yield "out-no-link", lonely.face()
    kiosk.touch(GoHome(), Speak(lang))
    kiosk.play(Configured(None))
    yield "starting", kiosk.face()


# ---- the rating pad ----


def pad_faces(lang: str) -> Iterator[tuple[str, ViewModel]]:
    """Give every face of the rating pad by its name."""
    state = replace(RaterState("rater-3"), lang=lang)
    yield "starting", _pad(state, 0)
    state = _played(state, PadConfigured(in_pseudo(a_rater()) if lang == PSEUDO else a_rater()), PadLive(True))
    yield "idle", _pad(state, 0)
    yield "idle-away", _pad(_played(state, PadLive(False)), 0)
    asking = replace(_played(state, PadCounter(_ended())), lang=lang)
    yield "asking", _pad(asking, 0)
    yield "asking-late", _pad(asking, 20)
    reasons = _played(asking, PadTouched(GiveScore(1)))
    yield "reasons", _pad(reasons, 5)
    chosen = _played(reasons, PadTouched(ToggleReason("unclear")))
    yield "reasons-chosen", _pad(chosen, 20)
    sending = _played(chosen, PadTouched(GoOn()))
    yield "sending", _pad(sending, 6)
    request = sending.view.request if isinstance(sending.view, Sending) else ""
    yield "thanks", _pad(_played(sending, PadReplied(request, None)), 6)
    yield "sorry", _pad(_played(sending, PadReplied(request, "not_rateable")), 6)


def _played(state: RaterState, *events: PadEvent) -> RaterState:
    for event in events:
        state, _ = pad_step(state, event, _moment(0))
    return state


def _pad(state: RaterState, seconds: float) -> ViewModel:
    return build_rater(state, _moment(seconds), words())


def _moment(seconds: float) -> RaterContext:
    return RaterContext(seconds, MONDAY_MORNING + int(seconds * 1000), 1.0, "00000000-0000-0000-0000-000000000001")


def _ended() -> CounterState:
    at = format_instant(MONDAY_MORNING)
    told = {"counter": "c3", "label": {"vi": "Quầy 3", "en": "Counter 3"}, "status": "open", "since": at}
    return CounterState.model_validate({**told, "ended": {"visit": "v1", "number": "A007", "at": at}})
