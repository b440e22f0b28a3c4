"""From what a rating pad knows to what its screen shows; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.texts import readable
from kiosk.flow.hours import local
from kiosk.flow.rater import Asking, Idle, Sending, Sorry, Thanked, seconds_left
from kiosk.views import rating
from kiosk.views.dates import clock_words, date_words
from kiosk.views.languages import languages
from kiosk.views.messages import MessageBody
from kiosk.views.view_model import Top, ViewModel

if TYPE_CHECKING:
    from broker.contract.payloads import Text
    from broker.runtime.catalogue import Catalogue
    from kiosk.flow.config import RaterConfig
    from kiosk.flow.rater import RaterContext, RaterState
    from kiosk.views.view_model import Body

COUNTDOWN_S = 15
"""From so many seconds before it closes, the question says when."""


@dataclass(frozen=True, slots=True)
class RaterViewContext:
    """What a face is made from: the state, the moment, the configuration in use and the words."""

    state: RaterState
    moment: RaterContext
    config: RaterConfig
    words: Catalogue

    def say(self, key: str, **values: Any) -> str:  # noqa: ANN401 - whatever stands in the words
        """Give words of the catalogue in the chosen language."""
        return self.words.say(key, self.state.lang, **values)

    def read(self, text: Text) -> str:
        """Give a text of the configuration in the chosen language."""
        return readable(text, self.state.lang)


def build_rater(state: RaterState, moment: RaterContext, words: Catalogue) -> ViewModel:
    """Give what the screen of a pad shows."""
    device = words.say("identify", state.lang, device=state.device)
    shown = device if moment.real < state.identify_until else ""
    if state.config is None:
        top = Top(device, "", "", (), device=shown)
        return ViewModel(top, MessageBody("star", "brand", words.say("rater.starting", state.lang), words.say("out.no_config.note", state.lang)))  # fmt: skip  # noqa: E501 - one face
    context = RaterViewContext(state, moment, state.config, words)
    here = local(moment.instant, state.config.centre.timezone)
    top = Top(
        centre=context.read(state.config.label) or context.read(state.config.centre.name),
        clock=clock_words(here), date=date_words(here, context.say("date"), state.lang),
        languages=languages(words, state.config.centre.languages, state.lang),
        note="" if state.live else context.say("rater.stale"), device=shown,
    )  # fmt: skip
    chosen = isinstance(state.view, Asking) and state.view.answers.score is not None
    return ViewModel(top, _body(context), back=context.say("nav.back") if chosen else "")


def _body(context: RaterViewContext) -> Body:
    view = context.state.view
    match view:
        case Idle():
            return MessageBody("star", "brand", context.say("rater.greeting"), context.say("rater.idle"))
        case Asking():
            left = seconds_left(view, context.moment)
            closes = context.say("rater.closes", seconds=max(1, math.ceil(left))) if left <= COUNTDOWN_S else ""
            title = context.say("rate.title", number=view.number)
            asked = rating.questions(context, context.config.rating, view.answers, title, closes)
            return asked or rating.sending(context)
        case Sending():
            return rating.sending(context)
        case Thanked():
            return rating.thanks(context)
        case Sorry("already_rated"):
            return MessageBody("check", "good", context.say("thanks.title"), context.say("notice.already_rated"))
        case Sorry():
            return MessageBody("alert", "warning", context.say("rater.sorry"), context.say("rater.sorry.note"))
