"""What stands on the screen, as a line and back, and the file of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.errors import PrintError
from broker.contract.payloads import Ticket
from kiosk.flow import rating_scale
from kiosk.flow import state as state_module
from kiosk.flow.effects import Ask
from kiosk.flow.modes import Mode
from kiosk.flow.state import Find, Groups, Issuing, Outcome, Shown, Slip, State, View, Welcome
from kiosk.storage.screen_session import KEPT, LONGEST, SavedSession, ScreenSession, boot_id, from_line, to_line
from tests.gallery.kiosk.specimens import a_kiosk, a_ticket, ticket_data
from tests.support.examples import examples

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {**vars(rating_scale), **vars(state_module), "Ticket": Ticket, "Mapping": Mapping}
TICKETS = st.builds(lambda number, wait: a_ticket(number=number, wait=wait), st.text(), st.none())
VIEWS = get_args(View)


def made_of_anything(kind: type) -> st.SearchStrategy[Any]:
    """Make any view of a kind, whatever its fields are: a view that somebody adds is tried without being named here."""
    hints = get_type_hints(kind, NAMES)
    parts = {part.name: st.from_type(hints[part.name]) for part in fields(kind) if part.metadata.get("kept", True)}
    left_out = {part.name: st.just(part.default) for part in fields(kind) if part.name not in parts}
    return st.builds(kind, **parts, **left_out)


MADE: dict[type, st.SearchStrategy[Any]] = {}


def of_kind(kind: type) -> st.SearchStrategy[Any]:
    """Give the strategy of a kind, which is worked out once and not in every example."""
    if kind not in MADE:
        MADE[kind] = made_of_anything(kind)
    return MADE[kind]


st.register_type_strategy(Ticket, TICKETS)
st.register_type_strategy(float, st.floats(0, 1e9))
for made in (*VIEWS, rating_scale.Answers):
    st.register_type_strategy(made, of_kind)


@pytest.mark.parametrize("kind", VIEWS)
@examples(20)
@given(data=st.data(), lang=st.sampled_from(["vi", "en"]), touched=st.floats(0, 1e9), asks=st.booleans())
def test_every_view_comes_back_as_it_was(kind: type, data: Any, lang: str, touched: float, *, asks: bool) -> None:
    view = data.draw(st.from_type(kind))
    outcome = data.draw(st.none() | st.builds(Outcome, st.text(), st.none() | st.booleans(), st.none() | st.text()))
    known = {
        "view": view,
        "lang": lang,
        "modes": frozenset(Mode),
        "priority": "elderly",
        "touched": touched,
        "outcome": outcome,
    }
    kept = SavedSession(known, Ask("id-1", "issue", {"service": "land"}) if asks else None, touched + 1)
    assert set(known) >= set(KEPT)
    assert from_line(to_line(kept, "boot-1"), "boot-1") == kept


def test_the_mark_of_a_person_is_never_written() -> None:
    mark = "m" * 43
    view = Issuing("id-1", "land", 1.0, dossier="H48-220921-0099", mark=mark)
    line = to_line(
        SavedSession({"view": view}, Ask("id-1", "issue", {"service": "land", "person": mark}), 1.0), "boot-1"
    )
    assert mark not in line
    kept = from_line(line, "boot-1")
    assert kept is not None
    assert kept.fields["view"] == replace(view, mark=None)
    assert kept.ask == Ask("id-1", "issue", {"service": "land"})


def test_a_line_of_another_boot_torn_or_of_another_version_is_not_taken_up() -> None:
    line = to_line(SavedSession({"view": Shown(a_ticket(), 5.0)}, None, 6.0), "boot-1")
    assert from_line(line, "boot-1") is not None
    assert from_line(line, "boot-2") is None
    assert from_line(line[: len(line) // 2], "boot-1") is None
    assert from_line(line.replace('"Shown"', '"Vanished"'), "boot-1") is None
    assert from_line(line.replace('"slip"', '"slope"'), "boot-1") is None
    assert from_line(to_line(SavedSession({}, None, 6.0), ""), "") is None


def test_the_reason_of_a_slip_that_failed_is_kept_as_the_word_it_is() -> None:
    shown = Shown(a_ticket(), 5.0, Slip.FAILED, PrintError.PAPER_OUT)
    kept = from_line(to_line(SavedSession({"view": shown}, None, 6.0), "boot-1"), "boot-1")
    assert kept is not None
    assert kept.fields["view"] == replace(shown, error="paper_out")


def test_a_value_that_could_not_be_read_back_is_refused_when_it_is_written() -> None:
    @dataclass(frozen=True)
    class Foreign:
        since: float

    with pytest.raises(TypeError, match="Foreign"):
        to_line(SavedSession({"view": Foreign(1.0)}, None, 1.0), "boot-1")


def test_the_last_thing_noted_is_kept_and_nothing_of_it_when_the_view_ends(tmp_path: Path) -> None:
    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1")
    state = State("kiosk-1", config=a_kiosk())
    standing.note(replace(state, view=Groups()), None, 10.0)
    ask = Ask("id-1", "issue", {"service": "land", "priority": "normal", "lang": "vi"})
    standing.note(replace(state, view=Issuing("id-1", "land", 11.0)), ask, 11.0)
    found = ScreenSession(tmp_path / "standing.jsonl", "boot-1").kept()
    assert found is not None
    assert (found.fields["view"], found.ask, found.real) == (Issuing("id-1", "land", 11.0), ask, 11.0)
    standing.note(replace(state, view=Shown(a_ticket(), 12.0)), None, 12.0)
    assert ticket_data()["token"] in (tmp_path / "standing.jsonl").read_text()
    standing.note(replace(state, view=Welcome(), touched=40.0), None, 40.0)
    assert (tmp_path / "standing.jsonl").read_bytes() == b""
    assert ScreenSession(tmp_path / "standing.jsonl", "boot-1").kept() is None


def test_the_first_screen_in_another_language_is_kept(tmp_path: Path) -> None:
    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1")
    standing.note(replace(State("kiosk-1", config=a_kiosk()), lang="en"), None, 10.0)
    found = standing.kept()
    assert found is not None
    assert found.fields["lang"] == "en"


def test_the_first_screen_in_large_letters_is_kept(tmp_path: Path) -> None:
    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1")
    standing.note(replace(State("kiosk-1", config=a_kiosk()), modes=frozenset({Mode.LARGE})), None, 10.0)
    found = standing.kept()
    assert found is not None
    assert found.fields["modes"] == {Mode.LARGE}


def test_the_same_thing_is_written_once(tmp_path: Path) -> None:
    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1")
    for second in range(5):
        standing.note(State("kiosk-1", config=a_kiosk(), view=Groups()), None, float(second))
    assert len((tmp_path / "standing.jsonl").read_text().splitlines()) == 1


def test_the_file_stays_small_and_readable_by_nobody_else(tmp_path: Path) -> None:
    file = tmp_path / "standing.jsonl"
    standing = ScreenSession(file, "boot-1")
    for touch in range(600):
        standing.note(State("kiosk-1", config=a_kiosk(), view=Find("A" * 10), touched=float(touch)), None, float(touch))
        assert file.stat().st_size <= LONGEST
    found = ScreenSession(file, "boot-1").kept()
    assert found is not None
    assert found.fields["touched"] == 599.0
    assert file.stat().st_mode & 0o077 == 0


def test_a_torn_end_leaves_what_was_whole(tmp_path: Path) -> None:
    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1")
    standing.note(State("kiosk-1", view=Groups()), None, 10.0)
    with (tmp_path / "standing.jsonl").open("a") as file:
        file.write('{"boot": "boot-1", "rea')
    found = ScreenSession(tmp_path / "standing.jsonl", "boot-1").kept()
    assert found is not None
    assert found.fields["view"] == Groups()


def test_a_disk_that_is_full_leaves_nothing_stale(tmp_path: Path) -> None:
    room = [10_000]

    def write(descriptor: int, raw: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, "no space left")
        return os.write(descriptor, raw[: room[0]])

    standing = ScreenSession(tmp_path / "standing.jsonl", "boot-1", write)
    for left in (0, 20):
        room[0] = 10_000
        standing.note(State("kiosk-1", view=Groups()), None, 10.0)
        assert standing.kept() is not None
        room[0] = left
        standing.note(State("kiosk-1", view=Find("A")), None, 11.0)
        assert standing.kept() is None


def test_the_boot_of_this_machine_has_a_name() -> None:
    assert len(boot_id()) == 36
