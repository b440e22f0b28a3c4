"""Why a number was called, in words: the rule, its score, who came next, whom it passed; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from broker.runtime.catalogue import catalogue
from controller.domain.decision.builder import OTHER
from controller.domain.queue.views import call_reason

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall

MINUTE_MS = 60_000


def explain_call(hall: Hall, visit: str, lang: str) -> list[str]:
    """Return the sentences, the deciding one first; `visit` must be one of today.

    A score is shown in minutes of waiting times the weight of the class: ms would be read by nobody.
    """
    reason = call_reason(hall, visit)
    words = catalogue("controller")
    minutes = round((reason["score"] or 0) / MINUTE_MS)
    lines = [words.say(f"why.{reason['rule']}", lang, score=minutes)]
    said = hall.secrets.get(("reason", visit)) if reason["reason"] == OTHER else reason["reason"]
    if said:
        lines.append(words.say("why.said", lang, reason=said))
    if reason["rule"] not in ("walk_in", "continued"):
        second = reason["second"]
        lines.append(words.say("why.second", lang, number=second) if second else words.say("why.nobody_else", lang))
    if reason["overtook"]:
        lines.append(words.say("why.overtook", lang, count=reason["overtook"]))
    return lines


def explained_reason(hall: Hall, visit: str) -> dict[str, Any]:
    """Return the reason of a call with its sentences by language."""
    text = {lang: ". ".join(explain_call(hall, visit, lang)) + "." for lang in catalogue("controller").languages}
    return {**call_reason(hall, visit), "text": text}
