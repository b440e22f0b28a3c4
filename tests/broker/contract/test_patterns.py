"""Patterns of a configuration: linear or refused."""

from __future__ import annotations

import re

import pytest

from broker.contract.patterns import LARGEST, LONGEST, NotLinearError, compiled

ATTACKED = r"([A-Z0-9]+[.-]?)+"
"""With backtracking each further character doubles the steps: 28 took 8.9 s, 64 more than 30."""

LONGEST_TEXT = 64
SHIPPED = r"^(\d{3}\.\d{2}\.\d{2}\.)?H\d{2}(\.\d{2}){0,3}-\d{6}-\d{4,6}$"


@pytest.mark.parametrize("length", [28, LONGEST_TEXT])
@pytest.mark.parametrize("pattern", [ATTACKED, r"(a|a)*", r"(a*)*b", r"(\w+\s?)*:", r"([a-zA-Z]+)*"])
def test_a_text_that_is_made_to_be_slow_takes_a_few_steps_a_character(pattern: str, length: int) -> None:
    assert not compiled(pattern).fits("A" * length + "!")
    assert compiled(pattern).size * LONGEST_TEXT < 10_000


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[a",
        r"(a)\1",
        "(?=a)",
        "(?!a)",
        "(?<=a)b",
        "a{1001}",
        "((a{100}){100}){100}",
        r"[\pL]{900}",
        "a" * (LONGEST + 1),
    ],
)
def test_what_is_not_linear_or_too_large_is_refused(pattern: str) -> None:
    with pytest.raises(NotLinearError, match=r"RE2|too large|at most"):
        compiled(pattern)


def test_the_largest_pattern_takes_less_than_half_a_million_steps_for_the_longest_code() -> None:
    assert LARGEST * LONGEST_TEXT < 500_000


@pytest.mark.parametrize(
    "text",
    [
        "000.00.53.H48-220921-0099",
        "H48.12-220921-009999",
        "H48-220921-009",
        " H48-220921-0099",
        "H48-220921-0099\n",
        "",
    ],
)
def test_the_shipped_pattern_means_what_it_meant(text: str) -> None:
    assert compiled(SHIPPED).fits(text) == (re.fullmatch(SHIPPED, text) is not None and not text.endswith("\n"))


def test_letters_of_vietnamese_fit_and_a_broken_text_fits_nothing() -> None:
    assert compiled("[Đđ]+").fits("Đđ")
    assert not compiled(".*").fits("\ud800")
