"""What a view is made from; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.texts import readable
from kiosk.flow.hours import local

if TYPE_CHECKING:
    from datetime import datetime

    from broker.contract.payloads import Text
    from broker.runtime.catalogue import Catalogue
    from kiosk.flow.config import KioskConfig
    from kiosk.flow.context import StepContext
    from kiosk.flow.state import State


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What a face is made from: the state, the moment, the configuration in use and the words."""

    state: State
    moment: StepContext
    config: KioskConfig
    words: Catalogue

    def say(self, key: str, **values: Any) -> str:  # noqa: ANN401 - whatever stands in the words
        """Give words of the catalogue in the chosen language."""
        return self.words.say(key, self.state.lang, **values)

    def read(self, text: Text) -> str:
        """Give a text of the configuration in the chosen language."""
        return readable(text, self.state.lang)

    @property
    def local(self) -> datetime:
        """The local time."""
        return local(self.moment.instant, self.config.centre.timezone)
