"""A kiosk in the middle of a morning that plays a scene and gives its screens."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, TypeVar

from broker.contract.payloads import Procedure
from broker.runtime.catalogue import Catalogue, catalogue
from deploy.driver.pseudo_language import PSEUDO, lengthened, with_pseudo, with_pseudo_texts
from kiosk.flow.actions import Begin, Speak, TakeService
from kiosk.flow.config import KioskConfig, RaterConfig
from kiosk.flow.events import (
    Configured,
    CounterChanged,
    LiveChanged,
    PrinterAttached,
    ProceduresChanged,
    ServiceChanged,
)
from kiosk.flow.procedure_list import bind
from kiosk.views.build import build
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import MANY_LANGUAGES, a_kiosk, a_service, procedures_data, ticket_data

if TYPE_CHECKING:
    from kiosk.views.view_model import ViewModel

C = TypeVar("C", KioskConfig, RaterConfig)


class Scene(Rehearsal):
    """A rehearsal in a language, that gives its faces."""

    @classmethod
    def set_up(cls, lang: str, config: KioskConfig | None = None) -> Scene:
        """Give a kiosk in the middle of a morning."""
        played = cls()
        config = config or a_kiosk()
        played.play(
            Configured(in_pseudo(config) if lang == PSEUDO else config), LiveChanged(True), PrinterAttached(True)
        )
        for at in range(1, 13):
            label = {"vi": f"Quầy {at}", "en": f"Counter {at}", PSEUDO: lengthened(f"Quầy {at}")}
            played.play(CounterChanged(f"c{at}", label))
        for at, service in enumerate(played.state.config.services if played.state.config else ()):
            heard = a_service(service.id, waiting=at * 3 % 14, open=at != 6)
            played.play(ServiceChanged(service.id, heard))
        procedures = procedures_data()
        if lang == PSEUDO:
            procedures = [Procedure.model_validate(with_pseudo_texts(one.model_dump())) for one in procedures]
        played.play(ProceduresChanged(bind("specimens", procedures)))
        played.touch(Speak(lang))
        return played

    def face(self) -> ViewModel:
        """Give what the screen shows."""
        return build(self.state, self.moment(), words())

    def issued(self, **changes: object) -> Scene:
        """Take a number."""
        self.touch(Begin(), TakeService("land"))
        self.reply({"ticket": ticket_data(**changes)})
        return self


@cache
def words() -> Catalogue:
    """Give the kiosk's words, in the pseudo-language too, and the names of more languages."""
    made = with_pseudo(catalogue("kiosk"))
    return Catalogue({**{code: {"lang.name": name} for code, name in MANY_LANGUAGES.items()}, **made.words})


def in_pseudo(config: C) -> C:
    """Give a configuration whose texts are there in the pseudo-language too."""
    read: C = type(config).model_validate(with_pseudo_texts(config.model_dump(mode="json", by_alias=True)))
    centre = read.centre.model_copy(update={"languages": [*read.centre.languages, PSEUDO]})
    return read.model_copy(update={"centre": centre})
