"""What a scanned text is: the slip's code, a receipt, a card, or nothing known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.patterns import compiled
from kiosk.flow.scanned_text import Card, Receipt, SlipCode, Unreadable, read_scan
from tests.gallery.kiosk.every_screen import DOSSIER_PATTERN

DOSSIER = compiled(DOSSIER_PATTERN)
TOKEN = "Ab-9_cDeFgHiJkLmNoPqRs"
CODES = ("000.00.53.H48-220921-0099", "H48.11-220921-0099", "H48-220921-000123", "000.00.06.H56-231027-0361")
ID = "051180" + "000001"
OLD_CARD = f"{ID}|||01011980|Nam||01012021"
SPECIMEN = ("HỌ TÊN MẪU", "01011980", "Nam", "Nơi cư trú mẫu", "01012021")
NEW_CARD = f"{ID}||HỌ TÊN MẪU|01011980|Nam|Nơi cư trú mẫu|01012021||CHA MẪU|MẸ MẪU||"


@pytest.mark.parametrize(
    "text",
    [TOKEN, f"http://127.0.0.1:8000/t/{TOKEN}", f"HTTPS://luot.example/a/t/{TOKEN}/", f"  {TOKEN}\t", f"\ufeff{TOKEN}"],
)
def test_the_code_of_a_slip_is_its_token_alone_or_in_an_address(text: str) -> None:
    assert read_scan([text], DOSSIER) == SlipCode(TOKEN)
    assert read_scan([text]) == SlipCode(TOKEN)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "form",
    ["{}", " {} ", "{}\t", "https://tracuu.example/ho-so?ma={}&n=1", "https://x.example/{}", "ma_ho_so={};y", "{}|2"],
)
def test_a_receipt_is_known_by_its_code_wherever_it_stands(code: str, form: str) -> None:
    assert read_scan([form.format(code)], DOSSIER) == Receipt(code)


def test_a_receipt_may_be_written_with_spaces_in_small_letters_or_escaped() -> None:
    for text in ("000.00.53.H48 - 220921 - 0099", "000.00.53.h48-220921-0099", "http://x.example/?c=000.00.53.H48%2D220921-0099"):  # fmt: skip  # noqa: E501 - one list
        assert read_scan([text], DOSSIER) == Receipt("000.00.53.H48-220921-0099")


def test_without_a_pattern_or_a_fitting_code_there_is_no_receipt() -> None:
    assert read_scan([CODES[0]]) == Unreadable()
    assert read_scan(["H4-220921-0099"], DOSSIER) == Unreadable()
    assert read_scan(["H" * 70], compiled("H+")) == Unreadable()


@pytest.mark.parametrize(
    "text",
    [
        OLD_CARD,
        NEW_CARD,
        NEW_CARD.encode().decode("latin-1"),
        "|".join((ID, "123456789", *SPECIMEN)),
        "|".join((ID, "123456789", *SPECIMEN, "")),
        "|".join(("", ID, *SPECIMEN)),
        f" {ID} |a|b|c|d|e",
        f"{ID}|x|y|z|a|b|{'9' * 12}",
    ],
)
def test_a_card_is_known_by_its_fields_and_only_its_number_is_read(text: str) -> None:
    code = read_scan([text], DOSSIER)
    assert code == Card(ID)
    assert ID not in repr(code)


@pytest.mark.parametrize(
    "text", [ID, f"{ID}|a|b|c", "|" * 8, f"{ID}0|a|b|c|d|e|f", "a|b|c|d|e|f|g", "١٢٣٤٥٦٧٨٩٠١٢|a|b|c|d|e"]
)
def test_a_number_alone_or_too_few_fields_are_no_card(text: str) -> None:
    assert read_scan([text], DOSSIER) == Unreadable()


def test_no_part_of_a_card_that_was_read_badly_is_taken_for_a_dossier() -> None:
    text = "|".join((ID[:-1], "123456789", *SPECIMEN))
    assert read_scan([text], compiled("[0-9]{6,10}")) == Unreadable()


def test_the_first_reading_that_is_known_counts() -> None:
    assert read_scan(["à&~é", TOKEN]) == SlipCode(TOKEN)
    assert read_scan(["", ""]) == Unreadable()
    assert read_scan([]) == Unreadable()


def test_a_token_alone_is_the_last_thing_that_a_scan_is_taken_for() -> None:
    swapped = TOKEN.replace("y", "z")
    assert read_scan([swapped, f"http://127.0.0.1:8000/t/{TOKEN}"]) == SlipCode(TOKEN)
    assert read_scan(["a" * 30, CODES[0]], DOSSIER) == Receipt(CODES[0])


@given(st.lists(st.text(max_size=600) | st.binary(max_size=600).map(lambda raw: raw.decode("latin-1")), max_size=2))
def test_nothing_that_can_be_scanned_makes_it_fail(texts: list[str]) -> None:
    code = read_scan(texts, DOSSIER)
    assert isinstance(code, SlipCode | Receipt | Card | Unreadable)


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="|"), max_size=20), min_size=5, max_size=12))
def test_a_card_with_any_further_fields_gives_a_number_of_twelve_digits(fields: list[str]) -> None:
    code = read_scan(["|".join((ID, *fields))], DOSSIER)
    assert code == Card(ID)
