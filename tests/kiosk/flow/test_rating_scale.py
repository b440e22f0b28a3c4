"""Answering a rating scale, of three levels, of five, with further questions."""

from __future__ import annotations

import pytest

from kiosk.flow.config import RatingScale
from kiosk.flow.rating_scale import (
    Answers,
    Question,
    choose_level,
    criterion,
    leave_reasons,
    may_go_on,
    question,
    rate_fields,
    toggle_reason,
)
from tests.gallery.kiosk.specimens import rating_data

THREE = RatingScale.model_validate(rating_data())
LEVELS = [{"score": s, "name": {"vi": str(s)}, "satisfied": s > 1, "reason": "optional" if s == 1 else "none"} for s in (3, 2, 1)]  # fmt: skip  # noqa: E501 - one list
ASKING_MORE = RatingScale.model_validate(
    {**rating_data(), "levels": LEVELS, "criteria": [{"id": "time", "name": {"vi": "Thời gian"}, "levels": LEVELS}]}
)


def test_the_level_comes_first() -> None:
    assert question(THREE, Answers()) is Question.LEVEL


def test_a_good_level_is_all_that_is_asked() -> None:
    assert question(THREE, choose_level(THREE, Answers(), 3)) is Question.NOTHING


def test_a_level_that_requires_a_reason_waits_for_one() -> None:
    answers = choose_level(THREE, Answers(), 1)
    assert question(THREE, answers) is Question.REASONS
    assert leave_reasons(THREE, answers) == answers
    answers = leave_reasons(THREE, toggle_reason(THREE, answers, "slow"))
    assert question(THREE, answers) is Question.NOTHING
    assert rate_fields(THREE, answers) == {"score": 1, "version": 3, "reasons": ["slow"]}


def test_an_optional_reason_may_be_left_out() -> None:
    answers = choose_level(ASKING_MORE, Answers(), 1)
    assert may_go_on(ASKING_MORE, answers)
    assert question(ASKING_MORE, leave_reasons(ASKING_MORE, answers)) is Question.CRITERION


def test_a_further_question_is_answered_with_its_own_levels() -> None:
    answers = choose_level(ASKING_MORE, choose_level(ASKING_MORE, Answers(), 3), 2)
    assert question(ASKING_MORE, answers) is Question.NOTHING
    assert criterion(ASKING_MORE, answers) is None
    assert rate_fields(ASKING_MORE, answers) == {"score": 3, "version": 3, "answers": {"time": 2}}


def test_scores_and_reasons_that_the_scale_does_not_have_change_nothing() -> None:
    assert choose_level(THREE, Answers(), 9) == Answers()
    assert toggle_reason(THREE, Answers(), "made-up") == Answers()


def test_nothing_can_be_sent_without_a_level() -> None:
    with pytest.raises(ValueError, match="no level"):
        rate_fields(THREE, Answers())
