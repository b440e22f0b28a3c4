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
from kivy.uix.stacklayout import StackLayout

from devices.screen.memory_use import give_back, sweep
from devices.screen.widgets import TouchPanel
from kiosk.flow.actions import GoBack, GoHome, OpenLanguages, OpenModes, Speak, Stay, WalkAway
from kiosk.flow.modes import Mode
from kiosk.screens.accessibility import AccessScreen
from kiosk.screens.confirm import ConfirmScreen
from kiosk.screens.find import FindScreen, FoundScreen
from kiosk.screens.languages import LanguagesScreen
from kiosk.screens.menus import ChoiceScreen, GroupsScreen, ServicesScreen
from kiosk.screens.messages import BusyScreen, ClosedScreen, MessageScreen
from kiosk.screens.procedures import ReadScreen, TitlesScreen
from kiosk.screens.rating import RateScreen, ReasonsScreen
from kiosk.screens.scan import CardScreen, ReceiptScreen
from kiosk.screens.search import SearchScreen
from kiosk.screens.staff import HiddenCorner, PinScreen, StaffScreen
from kiosk.screens.ticket import TicketScreen
from kiosk.screens.welcome import WelcomeScreen
from kiosk.views import (
    accessibility,
    confirm,
    find,
    languages,
    menus,
    messages,
    procedures,
    rating,
    scan,
    search,
    staff,
    ticket,
    view_model,
    welcome,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.flow.actions import Action
    from kiosk.screens.pager import Pager
    from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("root.kv")), encoding="utf-8")

LOW_MM = 200
"""A window of less height has no foot: its buttons stand in the head."""
LOWEST_REACH = 0.8
"""On a screen that is lower than the reach, the low layout keeps to so much of its height."""
ROOM_FOR = 2
"""More languages than these stand in the head by their codes, and in very large text in the foot too."""
SWEEP_AFTER_S = 0.6
"""So long after a screen was replaced, its widgets are taken away: not while the new one is being drawn."""
GIVE_BACK_AFTER_S = 0.2
"""And so long after that their memory is given back, of which their textures go with the next frame."""
SCREENS: dict[type, type[BodyScreen]] = {
    welcome.WelcomeBody: WelcomeScreen,
    menus.GroupsBody: GroupsScreen,
    menus.ServicesBody: ServicesScreen,
    menus.ChoiceBody: ChoiceScreen,
    messages.BusyBody: BusyScreen,
    ticket.TicketBody: TicketScreen,
    find.FindBody: FindScreen,
    find.FoundBody: FoundScreen,
    rating.RateBody: RateScreen,
    rating.ReasonsBody: ReasonsScreen,
    messages.MessageBody: MessageScreen,
    welcome.ClosedBody: ClosedScreen,
    procedures.TitlesBody: TitlesScreen,
    procedures.ReadBody: ReadScreen,
    scan.ReceiptBody: ReceiptScreen,
    scan.CardBody: CardScreen,
    staff.PinBody: PinScreen,
    staff.StaffBody: StaffScreen,
    accessibility.AccessBody: AccessScreen,
    search.SearchBody: SearchScreen,
    confirm.ConfirmBody: ConfirmScreen,
    languages.LanguagesBody: LanguagesScreen,
}


class StackedButton(TouchPanel):
    """An icon over its word, as narrow as they are; gone without a word."""

    text = StringProperty("")
    icon = StringProperty("")
    chosen = BooleanProperty(False)


class LanguageButton(StackedButton):
    """A language that can be chosen; a mark tells which is."""


def language_buttons(top: view_model.Top, act: Callable[[Action], None], *, short: bool) -> Iterator[LanguageButton]:
    """Give a button of each language, by its code where it is `short`, or the one that opens the page of all."""
    if top.tongues:
        button = LanguageButton(text=top.tongues)
        button.bind(on_release=lambda _: act(OpenLanguages()))
        yield button
        return
    for language in top.languages if len(top.languages) > 1 else ():
        button = LanguageButton(text=language.code.upper() if short else language.name, chosen=language.chosen)
        button.bind(on_release=lambda _, code=language.code: act(Speak(code)))
        yield button


def speaking(top: view_model.Top) -> tuple[object, ...]:
    """Give what the buttons of the languages are made from."""
    return top.languages, top.tongues


class Languages(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The languages side by side; a single one needs no choice."""

    top_face = ObjectProperty(view_model.EMPTY.top, rebind=True)
    act = ObjectProperty()
    made = ObjectProperty(())

    def on_top_face(self, *_: object) -> None:
        """Show the languages; while they are the same, the buttons stand."""
        if self.made == speaking(self.top_face):
            return
        self.made = speaking(self.top_face)
        self.clear_widgets()
        for button in language_buttons(self.top_face, self._act, short=len(self.top_face.languages) > ROOM_FOR):
            self.add_widget(button)

    def _act(self, action: Action) -> None:
        self.act(action)


class Head(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The centre's name, the time and the date; on a low screen also the way back and the languages.

    `calm` is a height that it fills at least: what stands out of reach of a low person.
    """

    shown = ObjectProperty(view_model.EMPTY.top, rebind=True)
    calm = NumericProperty(0)
    back = StringProperty("")
    compact = BooleanProperty(False)
    edge = NumericProperty(0)
    act = ObjectProperty()


class Foot(StackLayout):  # type: ignore[misc]  # Kivy ships no types
    """The ways out, accessibility and the languages, in one row or in as many as they need."""

    face = ObjectProperty(view_model.EMPTY, rebind=True)
    made = ObjectProperty(())
    act = ObjectProperty()

    def __init__(self, **properties: object) -> None:
        self.spread = Clock.create_trigger(self._spread, 0)
        super().__init__(**properties)
        self.bind(width=self.spread)

    def on_face(self, *_: object) -> None:
        """Show the languages; while they are the same, their buttons stand."""
        if self.made == speaking(self.face.top):
            return
        self.made = speaking(self.face.top)
        for button in [child for child in self.children if isinstance(child, LanguageButton)]:
            self.remove_widget(button)
        for button in language_buttons(self.face.top, self._act, short=global_idmap["scale"].grown > 1):
            button.bind(width=self.spread)
            self.add_widget(button)
        self.spread()

    def _act(self, action: Action) -> None:
        self.act(action)

    def _spread(self, *_: object) -> None:
        """Push accessibility and languages to the right where all stand in one row."""
        gap = self.ids.gap.__self__
        taken = sum(child.width for child in self.children if child is not gap)
        taken += self.spacing[0] * (len(self.children) - 1) + self.padding[0] + self.padding[2] + 1
        gap.width = max(0, self.width - taken)

    def modes(self) -> None:
        """Choose how the screen shall be."""
        self.act(OpenModes())

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
    calm = NumericProperty(0)
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
        self.act(WalkAway())


def low() -> bool:
    """Tell whether the window is a low one, as a tablet's on a counter."""
    scale = global_idmap["scale"]
    return bool(Window.height < LOW_MM * scale.px_per_mm)


def asks(body: view_model.Body) -> tuple[object, ...]:
    """Give what tells a screen from the next of its kind: its title, its question, the place in a long list."""
    return getattr(body, "title", ""), getattr(body, "question", ""), getattr(body, "stretch", 0)


def out_of_reach() -> int:
    """Give how many pixels at the top nobody in a wheelchair should have to touch."""
    scale, theme = global_idmap["scale"], global_idmap["theme"]
    return int(Window.height - min(scale.mm(theme.reach), LOWEST_REACH * Window.height))


class KioskRoot(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """Shows faces; `act` is told what a finger did. `compact`: too low for a foot of its own.

    `calm`: so many pixels from the top nothing can be touched.
    """

    face = ObjectProperty(view_model.EMPTY, rebind=True)
    compact = BooleanProperty(False)
    calm = NumericProperty(0)

    def __init__(self, face: view_model.ViewModel, act: Callable[[Action], None]) -> None:
        self.act = act
        self._screen: BodyScreen | None = None
        self._still_there: StillThere | None = None
        self._sweep = Clock.create_trigger(self._swept, SWEEP_AFTER_S)
        self._give_back = Clock.create_trigger(lambda _: give_back(), GIVE_BACK_AFTER_S)
        super().__init__(face=face, compact=low(), calm=out_of_reach() if Mode.LOW in face.modes else 0)
        self.show(face)
        self.add_widget(HiddenCorner(act))

    @property
    def pagers(self) -> tuple[Pager, ...]:
        """The places with pages: where the screen stands, and one in the screen if it has one."""
        place: Pager = self.ids.place
        inner: Pager | None = self._screen.pager if self._screen is not None else None
        return (place,) if inner is None else (place, inner)

    @property
    def pager(self) -> Pager:
        """The place whose pages are turned: the outer one where it has several."""
        return self.pagers[0] if self.pagers[0].turns else self.pagers[-1]

    def show(self, face: view_model.ViewModel) -> None:
        """Show a face; a screen of the same kind changes in place."""
        self.face = face
        kind = SCREENS[type(face.body)]
        if type(self._screen) is kind:
            if asks(face.body) != asks(self._screen.body):
                self.ids.place.page = 0
            self._screen.body = face.body
            self.ids.place.arrange()
        else:
            self._screen = kind(body=face.body, act=self.act)
            self.ids.place.put(self._screen)
            self._sweep()
        self._warn(face.warning)

    def _swept(self, _: float) -> None:
        sweep()
        self._give_back()

    def _warn(self, warning: view_model.IdleWarning | None) -> None:
        if self._still_there is not None and warning is not None:
            self._still_there.warning = warning
        elif warning is not None:
            self._still_there = StillThere(warning=warning, act=self.act, calm=self.calm)
            self.add_widget(self._still_there)
        elif self._still_there is not None:
            self.remove_widget(self._still_there)
            self._still_there = None
