"""Numbers as words: the grammar of each language here, its words from the catalogue."""

from __future__ import annotations

from collections.abc import Callable

Word = Callable[[str], str]
"""Key → word of one language."""

GREATEST = 9999
"""Numbers above are read digit by digit."""


def number_words(number: int, lang: str, word: Word) -> str:
    """Read a number from 0 to 9999 as a person would; a greater one digit by digit."""
    if number > GREATEST:
        return digit_words(str(number), word)
    return " ".join(_GRAMMARS.get(lang, _vietnamese)(number, word))


def digit_words(digits: str, word: Word) -> str:
    """Read digits one by one."""
    return " ".join(word(f"digit.{digit}") for digit in digits)


def _vietnamese(number: int, word: Word) -> list[str]:
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    spoken: list[str] = []
    if thousands:
        spoken += [word(f"digit.{thousands}"), word("thousand")]
    if hundreds or (thousands and below):
        spoken += [word(f"digit.{hundreds}"), word("hundred")]
    if not spoken:
        return _vietnamese_below_hundred(below, word)
    if not below:
        return spoken
    if below < 10:
        return [*spoken, word("odd"), word(f"digit.{below}")]
    return [*spoken, *_vietnamese_below_hundred(below, word)]


def _vietnamese_below_hundred(number: int, word: Word) -> list[str]:
    tens, units = divmod(number, 10)
    if not tens:
        return [word(f"digit.{units}")]
    head = [word("number.10")] if tens == 1 else [word(f"digit.{tens}"), word("tens")]
    if not units:
        return head
    # After the tens, one, four and five have a sound of their own; after ten itself, only five.
    own = {5: "five.after_tens"} if tens == 1 else {1: "one.after_tens", 4: "four.after_tens", 5: "five.after_tens"}
    return [*head, word(own.get(units, f"digit.{units}"))]


def _english(number: int, word: Word) -> list[str]:
    if number < 20:
        return [word(f"digit.{number}" if number < 10 else f"number.{number}")]
    if number < 100:
        tens, units = divmod(number, 10)
        return [word(f"number.{tens * 10}"), *([word(f"digit.{units}")] if units else [])]
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head, rest = divmod(number, size)
    spoken = [*_english(head, word), word(name)]
    if not rest:
        return spoken
    return [*spoken, *([word("odd")] if rest < 100 else []), *_english(rest, word)]


_GRAMMARS: dict[str, Callable[[int, Word], list[str]]] = {"vi": _vietnamese, "en": _english}
