"""The look is data that can be measured."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from broker.runtime.theme import WEIGHTS, contrast, load_theme, parse_theme, seen_contrast

THEME = load_theme()


def test_black_on_white_has_the_greatest_contrast_and_equal_colours_have_none() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#336699", "#336699") == pytest.approx(1.0)


def test_contrast_is_seen_between_the_ground_and_what_stands_out_most() -> None:
    white, grey, black = b"\xff\xff\xff", b"\x80\x80\x80", bytes(3)
    assert seen_contrast(white * 9 + grey * 3 + black) == pytest.approx(21.0)
    assert seen_contrast(white * 9) == pytest.approx(1.0)
    assert seen_contrast(b"") == 1.0


@pytest.mark.parametrize("pair", THEME.pairs, ids=" on ".join)
def test_every_text_stands_out_from_its_ground(pair: tuple[str, str]) -> None:
    text, ground = pair
    assert THEME.minimum_contrast >= 4.5
    assert contrast(THEME.palette[text], THEME.palette[ground]) >= THEME.minimum_contrast


@pytest.mark.parametrize("pair", THEME.pairs, ids=" on ".join)
def test_every_text_stands_out_more_in_high_contrast(pair: tuple[str, str]) -> None:
    high = THEME.contrasting
    text, ground = pair
    assert high.minimum_contrast >= 7.0
    assert contrast(high.palette[text], high.palette[ground]) >= high.minimum_contrast


def test_high_contrast_replaces_colours_and_adds_none() -> None:
    assert set(THEME.high_contrast) <= set(THEME.palette)


def test_text_grows_and_targets_and_distances_stay() -> None:
    usual = THEME.scale("kiosk", 1080, 1920)
    large = replace(usual, grown=THEME.large_text)
    assert 1.3 <= large.text("body") / usual.text("body") <= 1.5
    assert (large.touch, large.space("m")) == (usual.touch, usual.space("m"))


def test_every_colour_is_a_full_hexadecimal_one() -> None:
    assert [name for name, value in THEME.palette.items() if not re.fullmatch(r"#[0-9A-F]{6}", value)] == []
    assert [name for name, value in THEME.high_contrast.items() if not re.fullmatch(r"#[0-9A-F]{6}", value)] == []


def test_a_text_colour_that_is_named_for_a_ground_is_measured_on_it() -> None:
    named = {name for name in THEME.palette if name.startswith("on_")}
    assert named <= {text for text, _ in THEME.pairs}


def test_lengths_scale_with_the_window_and_keep_their_proportion() -> None:
    full, half = THEME.scale("kiosk", 1080, 1920), THEME.scale("kiosk", 540, 960)
    assert full.px_per_mm == pytest.approx(1080 / 268, rel=0.01)
    assert half.px_per_mm == pytest.approx(full.px_per_mm / 2)
    assert full.text("number") > 3 * full.text("headline")
    assert full.touch >= 18 * full.px_per_mm


def test_a_window_turned_by_a_quarter_keeps_its_text_sizes() -> None:
    assert THEME.scale("kiosk", 1920, 1080).text("body") == THEME.scale("kiosk", 1080, 1920).text("body")


def test_body_text_on_a_kiosk_has_letters_of_five_millimetres() -> None:
    assert THEME.screens["kiosk"].text["body"] * 0.7 >= 5.0


def test_the_font_files_of_all_weights_are_installed() -> None:
    assert [weight for weight in WEIGHTS if not THEME.font_file(weight).is_file()] == []


def test_the_pages_get_the_same_colours() -> None:
    assert f"--on-brand:{THEME.palette['on_brand']};" in THEME.css()


def test_every_group_has_an_icon_that_is_there() -> None:
    assert set(THEME.group_icons.values()) <= set(THEME.icons)
    assert set(THEME.priority_icons.values()) <= set(THEME.icons)
    assert THEME.icon_of_group("never-heard-of") in THEME.icons


def test_a_theme_without_a_part_says_which() -> None:
    with pytest.raises(KeyError, match="screen"):
        parse_theme({"palette": {}})
