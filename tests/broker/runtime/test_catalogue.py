"""The catalogues of words, and those of the error codes."""

from __future__ import annotations

import string
from pathlib import Path

import pytest

from broker.contract.errors import Code, PrintError
from broker.contract.texts import LONGEST_TEXT, LONGEST_WORD, pick, readable, without_endless
from broker.runtime.catalogue import FOLDER, Catalogue, catalogue, error_text, parse_po, with_own

WORDS = Catalogue({"vi": {"welcome": "Xin chào {name}", "bye": "Tạm biệt"}, "en": {"welcome": "Welcome {name}"}})


def test_a_word_is_said_in_the_language_asked_for_with_its_values() -> None:
    assert WORDS.say("welcome", "en", name="A007") == "Welcome A007"


def test_a_word_or_a_language_that_is_missing_falls_back_to_vietnamese() -> None:
    assert WORDS.say("bye", "en") == "Tạm biệt"
    assert WORDS.say("bye", "fr") == "Tạm biệt"


def test_an_unknown_key_is_a_key_error_in_every_language() -> None:
    with pytest.raises(KeyError):
        WORDS.say("nobody", "en")
    with pytest.raises(KeyError):
        WORDS.text("nobody")


def test_a_text_has_only_the_languages_that_know_the_key() -> None:
    assert WORDS.text("welcome", name="A") == {"vi": "Xin chào A", "en": "Welcome A"}
    assert WORDS.text("bye") == {"vi": "Tạm biệt"}
    assert WORDS.languages == ("vi", "en")


def test_untranslated_and_fuzzy_entries_of_a_file_are_left_out() -> None:
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    entries = ['msgid "a"\nmsgstr "đ"\n', 'msgid "b"\nmsgstr ""\n', '#, fuzzy\nmsgid "c"\nmsgstr "x"\n']
    assert parse_po("\n".join([head, *entries]).encode()) == {"a": "đ"}


def test_a_reader_picks_its_language_then_vietnamese_then_anything() -> None:
    assert pick({"vi": "một", "en": "one"}, "en") == "one"
    assert pick({"vi": "một", "en": "one"}, "fr") == "một"
    assert pick({"de": "eins"}, "fr") == "eins"
    assert pick({}, "vi") == ""


def test_a_text_is_read_as_far_as_there_is_ever_room_for_it() -> None:
    longest = " ".join(["W" * LONGEST_WORD] * 6)
    assert len(longest) <= LONGEST_TEXT
    assert readable({"vi": longest}, "vi") == longest
    assert readable({"vi": "W" * 4000}, "vi") == "W" * (LONGEST_WORD - 1) + "…"
    assert readable({"vi": "W W " * 1000}, "vi") == ("W W " * 125)[:-1] + "…"
    assert without_endless(f"before {'W' * 81} after {'W' * 80}") == f"before {'W' * 79}… after {'W' * 80}"


@pytest.mark.parametrize("code", [*Code, *PrintError], ids=lambda code: f"{type(code).__name__}.{code.value}")
def test_every_error_code_has_words_in_vietnamese_and_english(code: Code | PrintError) -> None:
    assert set(error_text(code)) >= {"vi", "en"}


ONLY_VIETNAMESE = ("letter.", "tens", "one.after_tens", "four.after_tens", "five.after_tens")
"""Letters that English has not, and digits that sound differently after tens."""
PACKAGES = ("broker", "devices.speech", "controller", "displays", "displays.board.voice", "kiosk")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_catalogue_that_is_shipped_has_the_same_keys_in_every_language(package: str) -> None:
    words = catalogue(package).words
    other = {key for lang in words for key in set(words[lang]) ^ set(words["vi"])}
    assert {key for key in other if not key.startswith(ONLY_VIETNAMESE)} == set()


def test_no_catalogue_is_forgotten_here() -> None:
    root = Path(__file__).resolve().parents[3]
    names = ("broker", "devices", "controller", "displays", "kiosk", "deploy")
    files = [path for name in names for path in (root / name).rglob("texts/vi.po")]
    assert {".".join(path.parent.parent.relative_to(root).parts) for path in files} == set(PACKAGES)


def own(folder: Path, lang: str, *entries: tuple[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    body = "".join(f'\nmsgid "{key}"\nmsgstr "{word}"\n' for key, word in entries)
    (folder / f"{lang}.po").write_text(head + body)


def test_a_folder_of_the_centres_own_adds_a_language_and_changes_words(tmp_path: Path) -> None:
    own(tmp_path, "hre", ("welcome", "Hơ {name}"))
    own(tmp_path, "vi", ("bye", "Hẹn gặp lại"))
    words = Catalogue(with_own(WORDS.words, tmp_path))
    assert words.languages == ("vi", "en", "hre")
    assert words.say("welcome", "hre", name="A007") == "Hơ A007"
    assert words.say("bye", "hre") == "Hẹn gặp lại"


def test_a_word_that_names_a_value_nobody_gives_is_left_out(tmp_path: Path) -> None:
    own(tmp_path, "hre", ("welcome", "Hơ {nam}"), ("bye", "Hơ {"), ("unheard", "x"))
    words = Catalogue(with_own(WORDS.words, tmp_path))
    assert words.say("welcome", "hre", name="A007") == "Xin chào A007"
    assert words.say("bye", "hre") == "Tạm biệt"


def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "hre.po").write_bytes(b"msgid \xff broken")
    assert with_own(WORDS.words, tmp_path) == dict(WORDS.words)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_places_for_values_are_the_same_in_every_language(package: str) -> None:
    words = catalogue(package).words
    for lang in words:
        for key, word in words[lang].items():
            places = {name for _, name, _, _ in string.Formatter().parse(word) if name}
            first = {name for _, name, _, _ in string.Formatter().parse(words["vi"][key]) if name}
            assert places == first or (key == "call" and places == first - {"address"})


def test_moved_packages_read_own_catalogues_from_their_old_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package, folder in (("devices.speech", "broker.speech"), ("displays.board.voice", "displays.voice")):
        (tmp_path / folder).mkdir()
        own(tmp_path / folder, "hre", next(iter(catalogue(package).words["vi"].items())))
        monkeypatch.setenv(FOLDER, str(tmp_path))
        catalogue.cache_clear()
        try:
            assert "hre" in catalogue(package).words
        finally:
            monkeypatch.delenv(FOLDER)
            catalogue.cache_clear()
