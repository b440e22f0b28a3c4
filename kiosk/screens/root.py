"""The whole window of a kiosk: head, note, body, ways out, and the question whether somebody is still there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from broker.screen.widgets import TouchPanel
from kiosk import faces
from kiosk.events import GoBack, GoHome, Speak, Stay
from kiosk.screens.menus import ChoiceScreen, GroupsScreen, ServicesScreen
from kiosk.screens.messages import BusyScreen, ClosedScreen, MessageScreen
from kiosk.screens.rate import RateScreen, ReasonsScreen
from kiosk.screens.slip import FindScreen, FoundScreen
from kiosk.screens.ticket import TicketScreen
from kiosk.screens.welcome import WelcomeScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.events import Action
    from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("root.kv")), encoding="utf-8")

SCREENS: dict[type, type[BodyScreen]] = {
    faces.WelcomeBody: WelcomeScreen,
    faces.GroupsBody: GroupsScreen,
    faces.ServicesBody: ServicesScreen,
    faces.ChoiceBody: ChoiceScreen,
    faces.BusyBody: BusyScreen,
    faces.TicketBody: TicketScreen,
    faces.FindBody: FindScreen,
    faces.FoundBody: FoundScreen,
    faces.RateBody: RateScreen,
    faces.ReasonsBody: ReasonsScreen,
    faces.MessageBody: MessageScreen,
    faces.ClosedBody: ClosedScreen,
}


class LanguageButton(TouchPanel):
    """A language that can be chosen; a mark tells which is."""

    text = StringProperty("")
    chosen = BooleanProperty(False)


class Head(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The centre's name, the time and the date."""

    shown = ObjectProperty(faces.NO_FACE.top, rebind=True)


class Foot(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The ways out, and the languages."""

    face = ObjectProperty(faces.NO_FACE, rebind=True)
    act = ObjectProperty()
    languages = ObjectProperty(())

    def on_languages(self, *_: object) -> None:
        """Show the languages; a single one needs no choice."""
        place = self.ids.get("languages")
        if place is None:
            return
        place.clear_widgets()
        for language in self.languages if len(self.languages) > 1 else ():
            button = LanguageButton(text=language.name, chosen=language.chosen)
            button.bind(on_release=lambda _, code=language.code: self.act(Speak(code)))
            place.add_widget(button)

    def on_kv_post(self, base_widget: object) -> None:
        """Show the languages as soon as the place for them is there."""
        super().on_kv_post(base_widget)
        self.on_languages()

    def back(self) -> None:
        """One screen back."""
        self.act(GoBack())

    def home(self) -> None:
        """Back to the first screen."""
        self.act(GoHome())


class StillThere(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Asks whether somebody is still there, over everything else."""

    warning = ObjectProperty(rebind=True)
    act = ObjectProperty()

    def on_touch_down(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Let no touch through to what lies beneath."""
        super().on_touch_down(touch)
        return True

    def stay(self) -> None:
        """Somebody is."""
        self.act(Stay())

    def leave(self) -> None:
        """Nobody needs this any more."""
        self.act(GoHome())


class KioskRoot(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Shows faces; `act` is told what a finger did."""

    face = ObjectProperty(faces.NO_FACE, rebind=True)

    def __init__(self, face: faces.Face, act: Callable[[Action], None]) -> None:
        self.act = act
        self._screen: BodyScreen | None = None
        self._still_there: StillThere | None = None
        super().__init__(face=face)
        self.show(face)

    def show(self, face: faces.Face) -> None:
        """Show a face; a screen of the same kind changes in place."""
        self.face = face
        kind = SCREENS[type(face.body)]
        if type(self._screen) is kind:
            self._screen.body = face.body
        else:
            self._screen = kind(body=face.body, act=self.act)
            self.ids.place.clear_widgets()
            self.ids.place.add_widget(self._screen)
        self._warn(face.warning)

    def _warn(self, warning: faces.IdleWarning | None) -> None:
        if self._still_there is not None and warning is not None:
            self._still_there.warning = warning
        elif warning is not None:
            self._still_there = StillThere(warning=warning, act=self.act)
            self.add_widget(self._still_there)
        elif self._still_there is not None:
            self.remove_widget(self._still_there)
            self._still_there = None
