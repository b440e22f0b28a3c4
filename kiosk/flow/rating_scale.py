"""Answering a rating scale: which question comes next, and what is sent; pure, shared by the kiosk and the pad."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.flow.config import Criterion, RatingScale


class Question(StrEnum):
    """What is asked next."""

    LEVEL = "level"
    REASONS = "reasons"
    CRITERION = "criterion"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered so far. `reasons_done` is set when the person goes on from the reasons."""

    score: int | None = None
    reasons: frozenset[str] = frozenset()
    reasons_done: bool = False
    criteria: Mapping[str, int] = field(default_factory=dict)


def question(scale: RatingScale, answers: Answers) -> Question:
    """Give the next question; a level's reasons are asked only where the level asks for them."""
    if answers.score is None:
        return Question.LEVEL
    level = scale.level(answers.score)
    if level is not None and level.reason != "none" and scale.reasons and not answers.reasons_done:
        return Question.REASONS
    return Question.CRITERION if criterion(scale, answers) else Question.NOTHING


def criterion(scale: RatingScale, answers: Answers) -> Criterion | None:
    """Give the first further question that is not answered."""
    return next((asked for asked in scale.criteria if asked.id not in answers.criteria), None)


def choose_level(scale: RatingScale, answers: Answers, score: int) -> Answers:
    """Answer the question that stands, the level or a criterion; a score that it does not have changes nothing."""
    standing = question(scale, answers)
    if standing is Question.LEVEL and scale.level(score):
        return replace(answers, score=score)
    asked = criterion(scale, answers)
    if standing is Question.CRITERION and asked and any(level.score == score for level in asked.levels):
        return replace(answers, criteria={**answers.criteria, asked.id: score})
    return answers


def toggle_reason(scale: RatingScale, answers: Answers, code: str) -> Answers:
    """Choose a reason, or take it back; a code that the scale does not have changes nothing."""
    if not any(reason.code == code for reason in scale.reasons):
        return answers
    return replace(answers, reasons=answers.reasons ^ {code})


def may_go_on(scale: RatingScale, answers: Answers) -> bool:
    """Tell whether the reasons given are enough: a level that requires one has at least one."""
    level = scale.level(answers.score) if answers.score is not None else None
    return level is not None and (level.reason != "required" or bool(answers.reasons))


def leave_reasons(scale: RatingScale, answers: Answers) -> Answers:
    """Go on from the reasons where that is allowed."""
    return replace(answers, reasons_done=True) if may_go_on(scale, answers) else answers


def rate_fields(scale: RatingScale, answers: Answers) -> dict[str, Any]:
    """Give the fields of a `rate` request, without whom it is about; an unanswered scale is a ValueError."""
    if answers.score is None:
        raise ValueError("no level was chosen")
    fields: dict[str, Any] = {"score": answers.score, "version": scale.version}
    if answers.reasons:
        fields["reasons"] = sorted(answers.reasons)
    if answers.criteria:
        fields["answers"] = dict(answers.criteria)
    return fields
