"""The whole window of a kiosk: head, note, body, ways out, and the question whether somebody is still there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from broker.screen.memory import sweep
from broker.screen.widgets import TouchPanel
from kiosk import faces
from kiosk.events import GoBack, GoHome, Speak, Stay
from kiosk.screens.menus import ChoiceScreen, GroupsScreen, ServicesScreen
from kiosk.screens.messages import BusyScreen, ClosedScreen, MessageScreen
from kiosk.screens.rate import RateScreen, ReasonsScreen
from kiosk.screens.scans import CardScreen, ReceiptScreen
from kiosk.screens.slip import FindScreen, FoundScreen
from kiosk.screens.staff import HiddenCorner, PinScreen, StaffScreen
from kiosk.screens.ticket import TicketScreen
from kiosk.screens.welcome import WelcomeScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.events import Action
    from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("root.kv")), encoding="utf-8")

LOW_MM = 200
"""A window of less height has no foot: its buttons stand in the head."""
SWEEP_AFTER_S = 0.6
"""So long after a screen was replaced, its widgets are taken away: not while the new one is being drawn."""
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
    faces.ReceiptBody: ReceiptScreen,
    faces.CardBody: CardScreen,
    faces.PinBody: PinScreen,
    faces.StaffBody: StaffScreen,
}


class LanguageButton(TouchPanel):
    """A language that can be chosen; a mark tells which is."""

    text = StringProperty("")
    chosen = BooleanProperty(False)


class Languages(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The languages side by side; a single one needs no choice."""

    languages = ObjectProperty(())
    act = ObjectProperty()

    def on_languages(self, *_: object) -> None:
        """Show the languages."""
        self.clear_widgets()
        for language in self.languages if len(self.languages) > 1 else ():
            button = LanguageButton(text=language.name, chosen=language.chosen)
            button.bind(on_release=lambda _, code=language.code: self.act(Speak(code)))
            self.add_widget(button)


class Head(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The centre's name, the time and the date; on a low screen also the way back and the languages."""

    shown = ObjectProperty(faces.NO_FACE.top, rebind=True)
    back = StringProperty("")
    compact = BooleanProperty(False)
    edge = NumericProperty(0)
    act = ObjectProperty()


class Foot(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The ways out, and the languages."""

    face = ObjectProperty(faces.NO_FACE, rebind=True)
    act = ObjectProperty()

    def back(self) -> None:
        """One screen back."""
        self.act(GoBack())

    def home(self) -> None:
        """Back to the first screen."""
        self.act(GoHome())


class StillThere(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Asks whether somebody is still there, over everything else."""

    covers = True
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


def low() -> bool:
    """Tell whether the window is a low one, as a tablet's on a counter."""
    scale = global_idmap["scale"]
    return bool(Window.height < LOW_MM * scale.px_per_mm)


class KioskRoot(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Shows faces; `act` is told what a finger did. `compact`: too low for a foot of its own."""

    face = ObjectProperty(faces.NO_FACE, rebind=True)
    compact = BooleanProperty(False)

    def __init__(self, face: faces.Face, act: Callable[[Action], None]) -> None:
        self.act = act
        self._screen: BodyScreen | None = None
        self._still_there: StillThere | None = None
        self._sweep = Clock.create_trigger(lambda _: sweep(), SWEEP_AFTER_S)
        super().__init__(face=face, compact=low())
        self.show(face)
        self.add_widget(HiddenCorner(act))

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
            self._sweep()
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
