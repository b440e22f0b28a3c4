"""The widgets of every screen: words, panels, touch targets, icons; nothing of Kivy's default look.

Import only after `open_window()`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics import BorderImage, Canvas, Color
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, OptionProperty, StringProperty
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.label import Label
from kivy.uix.stencilview import StencilView
from kivy.uix.widget import Widget

from broker.runtime.catalogue import catalogue
from broker.runtime.theme import load_theme
from devices.screen.icons import coverage, rounded
from devices.screen.lines import balanced, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator

Builder.load_file(str(Path(__file__).with_name("widgets.kv")), encoding="utf-8")

LEAST_WORDS = 3
"""Fewer words have nothing to balance."""


class Words(Label):  # type: ignore[misc]  # Kivy ships no types
    """A text: `size` of the theme, `weight` of the font, `colour` of the palette; wraps and takes the height it needs.

    With `single` it stays on one line and is as wide as its text. What takes two or three lines is balanced.
    """

    text_style = StringProperty("body")
    weight = OptionProperty("regular", options=["regular", "strong", "heavy"])
    colour = StringProperty("ink")
    single = BooleanProperty(False)

    def on_texture_size(self, *_: object) -> None:
        """Be as wide as a text on one line; a rule would follow its own width too, and never come to rest."""
        if self.single:
            self.width = self.texture_size[0]

    def on_single(self, *_: object) -> None:
        """Take the width of the text when it comes to stand on one line."""
        self.on_texture_size()

    def texture_update(self, *_: object) -> None:
        """Draw the text, its lines balanced as long as that costs no further line."""
        self._leave(0)
        spare = self._spare()
        if spare > 1:
            usual = self._label.render()[1]
            self._leave(spare)
            if self._label.render()[1] > usual:
                self._leave(0)
        super().texture_update()

    def _leave(self, spare: float) -> None:
        """Leave so much of the place empty."""
        left = {"center": 0.5, "right": 1.0}.get(self.halign, 0.0) * spare
        self._label.options["padding"] = [left, 0, spare - left, 0]

    def _spare(self) -> float:
        """Give by how much narrower than its place the text may be without another line."""
        room, words = self.text_size[0], self.text.split()
        if room is None or self.single or self.shorten or len(words) < LEAST_WORDS or "\n" in self.text:
            return 0.0
        font = self.font_name, self.font_size
        widths = [word_width(word, *font) for word in words]
        space = word_width("x x", *font) - 2 * word_width("x", *font)
        # Kivy rounds each line up; what just fits by these widths may need another line there.
        return float(room - space - balanced(words, widths, space, room - space, together()))

    def overflows(self) -> bool:
        """Tell whether some of the text does not fit into this widget."""
        width, height = self.texture_size
        return bool(self.text) and (width > self.width + 1 or height > self.height + 1 or self._breaks_a_word())

    def _breaks_a_word(self) -> bool:
        if self.text_size[0] is None or not self.text:
            return False
        room = self.text_size[0] - self.padding[0] - self.padding[2]
        widest: int = max(self._label.get_extents(word)[0] for word in self.text.split() or [""])
        return bool(widest > room)


@cache
def together() -> frozenset[tuple[str, str]]:
    """Give the pairs of words that no line should part, of every language."""
    words = catalogue("broker")
    return frozenset(pair for lang in words.languages for pair in pairs(words.say("lines.together", lang)))


@lru_cache(maxsize=1024)
def word_width(word: str, font: str, size: float) -> float:
    """Give how wide a word is in a font."""
    return float(CoreLabel(font_name=font, font_size=size).get_extents(word)[0])


class Panel(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """A rounded ground for other widgets: `fill` and `outline` are colours of the palette, empty for none."""

    fill = StringProperty("surface")
    outline = StringProperty("")
    outline_mm = NumericProperty(0.5)
    corner = StringProperty("m")

    def __init__(self, **properties: object) -> None:
        # Once the layout has settled, not at each step of it. Kivy's smooth shapes take 100 KiB each, a stretched
        # picture of the corners takes nothing.
        self.paint = Clock.create_trigger(self._paint, -1)
        self.canvas = Canvas()
        with self.canvas.before:
            self._layers = tuple((Color(), BorderImage()) for _ in range(2))
        super().__init__(**properties)
        looks = ("pos", "size", "fill", "outline", "outline_mm", "corner")
        self.bind(**dict.fromkeys(looks, self.paint))
        self.paint()

    def _paint(self, *_: object) -> None:
        scale, radius = global_idmap["scale"], global_idmap["scale"].radius(self.corner)
        rim = scale.mm(self.outline_mm) if self.outline else 0
        for (ink, shape), colour, inset in zip(self._layers, (self.outline, self.fill), (0, rim), strict=True):
            ink.rgba = global_idmap["theme"].rgba(colour or "ground", 1 if colour else 0)
            width, height = max(0, self.width - 2 * inset), max(0, self.height - 2 * inset)
            side = max(1, min(radius - inset, int(min(width, height) / 2)))
            shape.texture, shape.border = corners_texture(side), (side, side, side, side)
            shape.pos = self.x + inset, self.y + inset
            shape.size = (width, height) if colour else (0, 0)


class TouchPanel(ButtonBehavior, Panel):  # type: ignore[misc]  # Kivy ships no types
    """A panel that can be touched; `pressed_fill` shows the finger. `on_release` is the touch."""

    pressed_fill = StringProperty("brand_soft")
    enabled = BooleanProperty(True)

    def on_touch_down(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Take a touch only while enabled."""
        return bool(self.enabled and super().on_touch_down(touch))


class TouchButton(TouchPanel):
    """The plain button: a text, optionally an icon before it; `tone` is primary, plain, quiet or on_brand.

    `natural_width` is what text and icon need on one line; a button that has less wraps its text. It is `tall` pixels
    high, or as high as its text needs.
    """

    text = StringProperty("")
    icon = StringProperty("")
    tone = OptionProperty("plain", options=["primary", "plain", "quiet", "on_brand"])
    text_style = StringProperty("label")
    foreground = StringProperty("brand")
    words_height = NumericProperty(0)
    natural_width = NumericProperty(0)
    words_width = NumericProperty(0)
    around = NumericProperty(0)
    tall = NumericProperty(0)
    fits = BooleanProperty(True)

    def measure(self) -> None:
        """Find how wide the text is on one line."""
        words = self.ids.words
        self.words_width = CoreLabel(font_name=words.font_name, font_size=words.font_size).get_extents(self.text)[0]


class Icon(Widget):  # type: ignore[misc]  # Kivy ships no types
    """An icon of the theme in a colour of the palette, as large as the widget allows."""

    name = StringProperty("")
    colour = StringProperty("ink")
    stroke = NumericProperty(2.0)
    texture = ObjectProperty(None, allownone=True)

    def __init__(self, **properties: object) -> None:
        # Once the layout has settled, not at each step of it: strokes are drawn by the pixel.
        self.redraw = Clock.create_trigger(self.draw, -1)
        super().__init__(**properties)

    def draw(self, *_: object) -> None:
        """Take the texture for the present name and size."""
        side = int(min(self.size))
        self.texture = icon_texture(self.name, side, self.stroke) if self.name and side > 1 else None


@lru_cache(maxsize=48)
def icon_texture(name: str, side: int, stroke: float) -> Texture:
    """Give an icon as a white texture whose alpha is its strokes; an icon that the theme lacks is a KeyError."""
    texture = _white(coverage(load_theme().icons[name], side, stroke), side)
    texture.flip_vertical()
    return texture


def _white(alpha: bytes, side: int) -> Texture:
    pixels = bytearray(b"\xff" * (side * side * 2))
    pixels[1::2] = alpha
    texture = Texture.create(size=(side, side), colorfmt="luminance_alpha")
    texture.blit_buffer(bytes(pixels), colorfmt="luminance_alpha", bufferfmt="ubyte")
    return texture


@lru_cache(maxsize=24)
def corners_texture(radius: int) -> Texture:
    """Give the corners of a rounded ground as a white texture whose middle can be stretched."""
    return _white(rounded(radius), 2 * radius + 2)


def every(root: Widget) -> Iterator[Widget]:
    """Walk a widget and all below it."""
    yield root
    for child in root.children:
        yield from every(child)


def cut_off(root: Widget) -> list[str]:
    """Give every text below a widget that does not fit its place, or sticks out of what it stands in."""
    texts = [widget for widget in every(root) if isinstance(widget, Words) and widget.text and seen(widget)]
    return [widget.text for widget in texts if widget.overflows() or sticks_out(widget, root)]


def shown(widget: Widget) -> bool:
    """Tell whether neither a widget nor anything it stands in is made invisible."""
    while widget.parent not in {widget, None}:
        if widget.opacity == 0:
            return False
        widget = widget.parent
    return True


def seen(widget: Widget) -> bool:
    """Tell whether a widget is shown and stands, at least in part, on the page that is open."""
    return shown(widget) and all(widget.collide_widget(opening) for opening in openings(widget))


def openings(widget: Widget) -> Iterator[StencilView]:
    """Walk the openings that a widget is seen through."""
    around = widget.parent
    while around is not None and around is not around.parent:
        if isinstance(around, StencilView):
            yield around
        around = around.parent


def sticks_out(widget: Widget, root: Widget) -> bool:
    """Tell whether a widget reaches over an edge of anything it stands in, up to `root`, or of an opening before it.

    What is seen through an opening may be larger than it: the rest is on another page.
    """
    inner = widget
    while inner is not root:
        around = inner.parent
        if _reaches_over(widget if isinstance(around, StencilView) else inner, around):
            return True
        inner = around
    return False


def _reaches_over(inner: Widget, around: Widget) -> bool:
    low = inner.x < around.x - 1 or inner.y < around.y - 1
    return bool(low or inner.right > around.right + 1 or inner.top > around.top + 1)


def too_small(root: Widget, side: float) -> list[str]:
    """Give every target below a widget with a side shorter than `side` pixels."""
    found = [widget for widget in every(root) if isinstance(widget, TouchPanel) and widget.enabled and seen(widget)]
    return [f"{getattr(w, 'text', '') or type(w).__name__} {w.size}" for w in found if min(w.size) < side - 1]
