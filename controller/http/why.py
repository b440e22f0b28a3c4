"""Why a number was called, in words: the rule, its score, who came next, whom it passed; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.runtime.catalogue import catalogue
from controller.domain.decision.builder import OTHER
from controller.domain.queue.views import call_reason

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall

MINUTE_MS = 60_000


def why_lines(hall: Hall, visit: str, lang: str) -> list[str]:
    """Give the sentences, the deciding one first; `visit` must be one of today.

    A score is told in minutes of waiting times the weight of the class: ms would be read by nobody.
    """
    told = call_reason(hall, visit)
    words = catalogue("controller")
    minutes = round((told["score"] or 0) / MINUTE_MS)
    lines = [words.say(f"why.{told['rule']}", lang, score=minutes)]
    said = hall.secrets.get(("reason", visit)) if told["reason"] == OTHER else told["reason"]
    if said:
        lines.append(words.say("why.said", lang, reason=said))
    if told["rule"] not in ("walk_in", "continued"):
        second = told["second"]
        lines.append(words.say("why.second", lang, number=second) if second else words.say("why.nobody_else", lang))
    if told["overtook"]:
        lines.append(words.say("why.overtook", lang, count=told["overtook"]))
    return lines


def why_called(hall: Hall, visit: str) -> dict[str, Any]:
    """Give the reason of a call with its sentences by language."""
    text = {lang: ". ".join(why_lines(hall, visit, lang)) + "." for lang in catalogue("controller").languages}
    return {**call_reason(hall, visit), "text": text}
