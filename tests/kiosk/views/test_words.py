"""No word for people stands in the code: every word of every face comes from a catalogue or the configuration."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from deploy.driver.pseudo_language import PSEUDO, bare
from kiosk.views.words import words_of
from tests.gallery.kiosk.every_screen import kiosk_faces, pad_faces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kiosk.views.view_model import ViewModel

NEITHER = re.compile(r"top\.(date|languages\..*)|body\.(number|typed)")
"""Fields of dates, languages by their own names, and tickets."""
DEVICE = "kiosk-1"
OUR_MARKS = re.compile("[ťñšřďľğçž]")
"""A long text of a procedure is shown in pieces, of which not each has the brackets."""


@pytest.mark.parametrize("faces", [kiosk_faces, pad_faces])
def test_every_word_of_every_face_is_bracketed_in_the_pseudo_language(
    faces: Callable[[str], Iterable[tuple[str, ViewModel]]],
) -> None:
    strange = [
        (name, path, text)
        for name, face in faces(PSEUDO)
        for path, text in words_of(face)
        if re.search(r"[^\W\d_]{2}", bare(text))
        and not NEITHER.fullmatch(path)
        and text != DEVICE
        and not OUR_MARKS.search(text)
    ]
    assert strange == []


@pytest.mark.parametrize("faces", [kiosk_faces, pad_faces])
def test_a_language_that_no_catalogue_knows_shows_every_face_in_vietnamese(
    faces: Callable[[str], Iterable[tuple[str, ViewModel]]],
) -> None:
    unknown, vietnamese = ([list(words_of(face.body)) for _, face in faces(lang)] for lang in ("xx", "vi"))
    assert unknown == vietnamese
