"""The faces of a rating: levels, reasons, thanks, and what could not be done; pure. Shared by kiosk and pad."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kiosk.flow import rating_scale as scale
from kiosk.flow.state import Rating, Thanks
from kiosk.views.messages import BusyBody, MessageBody
from kiosk.views.parts import Choice

if TYPE_CHECKING:
    from broker.contract.payloads import Text
    from broker.runtime.catalogue import Catalogue
    from kiosk.flow.config import Level, RatingScale
    from kiosk.flow.rating_scale import Answers
    from kiosk.flow.state import Notice
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class LevelTile:
    """A level of a rating: `tone` is a colour that only repeats what the icon and the name say."""

    score: int
    name: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class RateBody:
    """The levels of a question."""

    title: str
    question: str
    levels: tuple[LevelTile, ...]
    closes: str = ""


@dataclass(frozen=True, slots=True)
class ReasonsBody:
    """Why somebody was not satisfied."""

    title: str
    question: str
    note: str
    reasons: tuple[Choice, ...]
    send: str
    ready: bool
    closes: str = ""


_ICONS = {
    1: ("face_content",),
    2: ("face_content", "face_unhappy"),
    3: ("face_happy", "face_content", "face_unhappy"),
    4: ("face_happy", "face_content", "face_plain", "face_unhappy"),
    5: ("face_happy", "face_content", "face_plain", "face_unhappy", "face_sad"),
}


class Speech(Protocol):
    """Words of the catalogue and of the configuration in one language."""

    @property
    def words(self) -> Catalogue:
        """The catalogue."""
        ...

    def say(self, key: str, **values: Any) -> str:  # noqa: ANN401 - whatever stands in the words
        """Give words of the catalogue."""
        ...

    def read(self, text: Text) -> str:
        """Give a text of the configuration."""
        ...


def rating(context: ViewContext, view: Rating | Thanks | Notice) -> RateBody | ReasonsBody | BusyBody | MessageBody:
    """Give the face of a rating by the slip's code, of its end, or of what could not be done."""
    if isinstance(view, Thanks):
        return thanks(context)
    if isinstance(view, Rating):
        title = context.say("rate.title", number=view.ticket.number)
        return questions(context, context.config.rating, view.answers, title) or sending(context)
    said, again = notice(context, view.code), context.say("notice.again")
    if view.code == "already_rated":
        return MessageBody("check", "good", context.say("thanks.title"), said, again)
    if view.back is not None:
        return MessageBody("qr", "warning", context.say("notice.scan"), said)
    return MessageBody("alert", "warning", _notice_title(context, view.code), said, again)


def _notice_title(speech: Speech, code: str) -> str:
    """Give what a refusal is about, in a few words."""
    key = f"notice.title.{code}"
    return speech.say(key if key in speech.words.keys else "notice.title")


def questions(
    speech: Speech, rating_scale: RatingScale, answers: Answers, title: str, closes: str = ""
) -> RateBody | ReasonsBody | None:
    """Give the question that stands; None when all are answered."""
    standing = scale.question(rating_scale, answers)
    if standing is scale.Question.LEVEL:
        return RateBody(title, speech.say("rate.question"), levels(speech, rating_scale.levels), closes)
    if standing is scale.Question.REASONS:
        chosen = tuple(
            Choice(reason.code, speech.read(reason.name), reason.code in answers.reasons)
            for reason in rating_scale.reasons
        )
        level = rating_scale.level(answers.score) if answers.score is not None else None
        kind = "required" if level is not None and level.reason == "required" else "optional"
        return ReasonsBody(
            title, speech.say("rate.reasons"), speech.say(f"rate.reasons.{kind}"), chosen, speech.say("rate.send"),
            scale.may_go_on(rating_scale, answers), closes,
        )  # fmt: skip
    asked = scale.criterion(rating_scale, answers)
    return RateBody(title, speech.read(asked.name), levels(speech, asked.levels), closes) if asked else None


def levels(speech: Speech, offered: tuple[Level, ...]) -> tuple[LevelTile, ...]:
    """Give levels from the best to the worst, each with its own face."""
    ordered = sorted(offered, key=lambda level: -level.score)
    icons = _ICONS.get(len(ordered), _ICONS[5])
    last = len(icons) - 1
    return tuple(
        LevelTile(
            level.score, speech.read(level.name),
            icons[round(at * last / max(1, len(ordered) - 1))], "good" if level.satisfied else "danger",
        )
        for at, level in enumerate(ordered)
    )  # fmt: skip


def thanks(speech: Speech) -> MessageBody:
    """Give the thanks for a rating."""
    return MessageBody("check", "good", speech.say("thanks.title"), speech.say("thanks.note"))


def sending(speech: Speech) -> BusyBody:
    """Give the moment between the last answer and its reply."""
    return BusyBody(speech.say("sending.title"), speech.say("issuing.note"))


def notice(speech: Speech, code: str) -> str:
    """Give the sentence for a refusal."""
    key = f"notice.{code}"
    return speech.say(key if key in speech.words.keys else "notice.other")
