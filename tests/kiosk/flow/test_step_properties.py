"""Whatever happens in whatever order: never an exception, always a way back, never a number twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.actions import (
    AskCancel,
    Begin,
    CancelNumber,
    EraseKey,
    GiveScore,
    GoBack,
    GoHome,
    GoOn,
    LookUp,
    OpenFind,
    OpenGroup,
    OpenLanguages,
    OpenModes,
    OpenPriorities,
    OpenSearch,
    Speak,
    Stay,
    TakeNumber,
    TakePriority,
    TakeService,
    ToggleMode,
    ToggleReason,
    ToggleTelex,
    TypeKey,
    WalkAway,
)
from kiosk.flow.effects import Ask, Forget, KeepOffline
from kiosk.flow.events import (
    Configured,
    CounterChanged,
    Identify,
    LiveChanged,
    OfflineSubmitted,
    PrinterAttached,
    Replied,
    Scanned,
    ServiceChanged,
    SlipEnded,
    Tick,
    Touched,
    VoidAnswered,
)
from kiosk.flow.modes import NO_MODES, Mode
from kiosk.flow.state import Welcome
from tests.gallery.kiosk.every_screen import DOSSIER_PATTERN
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_service, a_ticket, ticket_data
from tests.support.examples import examples

if TYPE_CHECKING:
    from kiosk.flow.config import KioskConfig

READING = a_kiosk(
    receipt={"pattern": DOSSIER_PATTERN, "services": ["results", "land"]}, card_services=["land", "results"]
)
SERVICES = st.sampled_from(["land", "health", "results", "unheard-of", ""])
CODES = st.sampled_from(["try_again", "quota_reached", "too_many_tickets", "not_found", "already_rated", "made_up"])
RESULTS = st.sampled_from(
    [
        None,
        {},
        {"ticket": {}},
        {"ticket": ticket_data()},
        {"ticket": ticket_data(status="done")},
        {"rating": "r"},
        {"identity": {"day": "2026-11-23", "key": "k" * 43}},
    ]
)
ACTIONS = st.one_of(
    st.sampled_from([Begin(), GoHome(), GoBack(), Stay(), OpenPriorities(), OpenFind(), EraseKey(), LookUp(), GoOn()]),
    st.sampled_from([OpenSearch(), ToggleTelex(), TakeNumber(), AskCancel(), CancelNumber()]),
    st.builds(Speak, st.sampled_from(["vi", "en", "xx"])),
    st.builds(OpenGroup, SERVICES),
    st.sampled_from([OpenModes(), OpenModes(), OpenLanguages(), WalkAway()]),
    st.builds(ToggleMode, st.sampled_from([*Mode, "unheard-of"])),
    st.builds(TakeService, SERVICES),
    st.builds(TakePriority, st.sampled_from(["normal", "elderly", "none"])),
    st.builds(TypeKey, st.text(max_size=2)),
    st.builds(GiveScore, st.integers(0, 4)),
    st.builds(ToggleReason, st.sampled_from(["slow", "other", "none"])),
)
CONFIGS = st.sampled_from(
    [
        None,
        a_kiosk(),
        a_kiosk(offline=None),
        a_kiosk(services=[]),
        a_kiosk(printer=None),
        a_kiosk(groups=[], hours=[]),
        READING,
    ]
)
STATES = st.sampled_from([None, a_service("land"), a_service("land", open=False)])
CODES_READ = st.one_of(
    st.text(max_size=40), st.sampled_from(["http://x/t/" + "k" * 22, "H48-220921-0099", "0" * 12 + "|" * 6])
)


class World(Rehearsal):
    """A rehearsal whose events may speak of the request that stands."""

    def open_request(self) -> str:
        ended = {effect.id for effect in self.effects if isinstance(effect, Forget)}
        asked = [effect.id for effect in self.effects if isinstance(effect, Ask) and effect.id not in ended]
        return asked[-1] if asked else "none"


@st.composite
def happenings(draw: st.DrawFn) -> tuple[str, Any]:
    """Draw what happens, without the ids that only the running flow knows."""
    kind = draw(st.sampled_from(["touch"] * 5 + ["wait"] * 2 + ["reply"] * 3 + ["void"] * 2 + ["other"]))
    drawn: Any = None
    if kind == "touch":
        drawn = draw(ACTIONS)
    elif kind == "wait":
        drawn = draw(st.sampled_from([0.2, 3.0, 8.0, 15.0, 30.0, 60.0]))
    elif kind == "reply":
        drawn = (draw(RESULTS), draw(st.one_of(st.none(), CODES)))
    elif kind == "void":
        drawn = draw(st.booleans())
    else:
        drawn = draw(
            st.one_of(
                st.builds(Configured, CONFIGS),
                st.builds(LiveChanged, st.booleans()),
                st.builds(PrinterAttached, st.booleans()),
                st.builds(CounterChanged, st.just("c1"), st.sampled_from([None, {"vi": "Quầy 1"}])),
                st.builds(Scanned, CODES_READ),
                st.sampled_from([Identify(), Tick(), OfflineSubmitted("Z1-001", a_ticket(number="Z1-001"))]),
                st.builds(SlipEnded, st.just(ticket_data()["id"]), st.sampled_from([True, False, None])),
                st.builds(ServiceChanged, SERVICES, STATES),
            )
        )  # fmt: skip
    return kind, drawn


def happen(world: World, kind: str, drawn: Any) -> None:
    """Play one thing into the flow."""
    match kind, drawn:
        case "touch", action:
            world.play(Touched(action))
        case "wait", float(seconds):
            world.wait(seconds)
        case "reply", (result, code):
            world.play(Replied(world.open_request(), result, code))
        case "void", bool(begun):
            world.play(VoidAnswered(world.open_request(), begun))
        case _:
            world.play(drawn)


@examples(60)
@given(st.lists(happenings(), max_size=40), st.sampled_from([a_kiosk(), READING]))
def test_anything_may_happen_and_time_alone_leads_back(story: list[tuple[str, Any]], config: KioskConfig) -> None:
    world = World()
    world.play(Configured(config), LiveChanged(True), PrinterAttached(True))
    for kind, drawn in story:
        happen(world, kind, drawn)
    numbers = [effect.number for effect in world.effects if isinstance(effect, KeepOffline)]
    assert len(numbers) == len(set(numbers))
    for _ in range(60):
        world.wait(5)
    assert world.state.view == Welcome()
    assert (world.state.modes, world.state.modes_open, world.state.languages_open) == (NO_MODES, False, False)
    assert world.state.warned is False


@examples(40)
@given(st.lists(happenings(), max_size=30), st.sampled_from([a_kiosk(), READING]))
def test_every_own_number_names_the_request_it_replaces_and_each_request_once(
    story: list[tuple[str, Any]], config: KioskConfig
) -> None:
    world = World()
    world.play(Configured(config), LiveChanged(True), PrinterAttached(True))
    for kind, drawn in story:
        happen(world, kind, drawn)
    replaced = [effect.fields["offline"]["replaces"] for effect in world.effects if isinstance(effect, KeepOffline)]
    asked = {effect.id for effect in world.effects if isinstance(effect, Ask) and effect.op == "issue"}
    assert len(replaced) == len(set(replaced))
    assert set(replaced) <= asked
