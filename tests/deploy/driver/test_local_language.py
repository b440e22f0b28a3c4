"""The pseudo-language as the walk brings it: the files of a translator, a configuration, a list of procedures."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from broker.runtime.catalogue import FOLDER, catalogue, parse_po
from controller.domain.centre.centre import parse_centre
from controller.domain.centre.procedures import check_procedures
from controller.domain.centre.procedures_file import read_text
from deploy.driver.centre import PROCEDURES, centre_text
from deploy.driver.local_language import PACKAGES, bring, in_columns, in_tables, strangers, translated, words_with
from deploy.driver.pseudo_language import PSEUDO, bare, with_pseudo

if TYPE_CHECKING:
    from pathlib import Path


def test_every_program_finds_the_language_in_the_folder_that_its_environment_names(tmp_path: Path) -> None:
    assert bring(tmp_path) == {FOLDER: str(tmp_path)}
    for package in PACKAGES:
        found = words_with(tmp_path, package).words
        assert found[PSEUDO] == with_pseudo(catalogue(package)).words[PSEUDO]
        assert {lang: found[lang] for lang in ("vi", "en")} == catalogue(package).words


def test_a_file_names_its_language_and_keeps_its_keys_places_and_remarks() -> None:
    head = 'msgid ""\nmsgstr ""\n"Language: vi\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    made = translated(f'{head}\n# on the slip\nmsgid "slip.ahead.many"\nmsgstr "{{count}} người"\n'.encode())
    assert parse_po(made) == {"slip.ahead.many": "[{count} ñğườí ñğườí]"}
    assert b"Language: qps" in made
    assert b"# on the slip" in made


def test_a_configuration_speaks_it_wherever_it_speaks_vietnamese() -> None:
    text = in_tables(centre_text("tcp://127.0.0.1:9100", (PSEUDO, "vi", "en")))
    assert text.count(f"{PSEUDO} =") == text.count("vi =") > 10
    centre = parse_centre(tomllib.loads(text))
    assert centre.card.languages[0] == PSEUDO
    assert {bare(service.name[PSEUDO]) for service in centre.service} == {""}


def test_procedures_are_read_in_it() -> None:
    centre = parse_centre(tomllib.loads(centre_text("tcp://127.0.0.1:9100", (PSEUDO, "vi", "en"))))
    first, _ = check_procedures(read_text(in_columns(PROCEDURES)), centre)
    assert first.name[PSEUDO] == "[Đăñğ ký đấť đáí ľầñ đầú đầú ľầñ đáí]"
    assert [paper[PSEUDO] for paper in first.papers] == ["[Đơñ đăñğ ký ký đăñğ]"]


@pytest.mark.parametrize(("words", "strange"), [("[Xóñğ Xóñğ]", False), ("Q", False), ("A000", False), ("Done", True)])
def test_words_that_come_from_no_catalogue_are_strangers(words: str, *, strange: bool) -> None:
    assert strangers([words]) == ([words] if strange else [])
