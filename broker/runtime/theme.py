"""The one look as data: colours with their measured contrast, text sizes in millimetres, spacing, icons, font files."""

from __future__ import annotations

import importlib
import math
import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

WEIGHTS = ("regular", "strong", "heavy")


@dataclass(frozen=True, slots=True)
class ScreenSpec:
    """A screen as the theme was drawn for: pixels and millimetres (width, height), smallest target, text sizes."""

    pixels: tuple[int, int]
    millimetres: tuple[float, float]
    touch: float
    text: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """Millimetres of the theme as pixels of one window; `grown` is how much larger than usual its text is."""

    px_per_mm: float
    spec: ScreenSpec
    spaces: Mapping[str, float]
    radii: Mapping[str, float]
    grown: float = 1.0

    def mm(self, length: float) -> int:
        """Give a length in whole pixels, at least 1."""
        return max(1, round(length * self.px_per_mm))

    def text(self, size: str) -> int:
        """Give the em of a named text size in pixels."""
        return self.mm(self.spec.text[size] * self.grown)

    def space(self, name: str) -> int:
        """Give a named distance in pixels."""
        return self.mm(self.spaces[name])

    def radius(self, name: str) -> int:
        """Give a named corner radius in pixels."""
        return self.mm(self.radii[name])

    @property
    def touch(self) -> int:
        """The smallest side of a target, in pixels."""
        return math.ceil(self.spec.touch * self.px_per_mm)


@dataclass(frozen=True, slots=True)
class Theme:
    """`theme.toml` as read; colours are `#RRGGBB`, icons SVG path data on a grid of 24."""

    palette: Mapping[str, str]
    high_contrast: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]
    minimum_contrast: float
    high_minimum: float
    large_text: float
    reach: float
    font: Mapping[str, str]
    spaces: Mapping[str, float]
    radii: Mapping[str, float]
    screens: Mapping[str, ScreenSpec]
    slip_text: Mapping[str, float]
    slip_dots_per_mm: float
    icons: Mapping[str, str]
    group_icons: Mapping[str, str]
    priority_icons: Mapping[str, str]

    def icon_of_group(self, group: str) -> str:
        """Give the name of the icon that stands for a group of services."""
        return self.group_icons.get(group, "document")

    def icon_of_priority(self, priority: str) -> str:
        """Give the name of the icon that stands for a priority."""
        return self.priority_icons.get(priority, "priority")

    def scale(self, screen: str, width: int, height: int) -> Scale:
        """Give the scale for a window of a kind of screen; a window turned by a quarter is measured turned."""
        spec = self.screens[screen]
        (wide, high), (wide_mm, high_mm) = spec.pixels, spec.millimetres
        if (width > height) != (wide > high):
            wide, high, wide_mm, high_mm = high, wide, high_mm, wide_mm
        drawn = min(wide / wide_mm, high / high_mm)
        return Scale(drawn * min(width / wide, height / high), spec, self.spaces, self.radii)

    @property
    def contrasting(self) -> Theme:
        """The same look in the colours of high contrast."""
        return replace(self, palette={**self.palette, **self.high_contrast}, minimum_contrast=self.high_minimum)

    def rgba(self, colour: str, alpha: float = 1.0) -> tuple[float, float, float, float]:
        """Give a named colour as four fractions."""
        red, green, blue = _channels(self.palette[colour])
        return red, green, blue, alpha

    def font_file(self, weight: str) -> Path:
        """Give the font file of `regular`, `strong` or `heavy`; a package that is not installed is a RuntimeError."""
        try:
            package = importlib.import_module(self.font["package"])
        except ImportError as error:
            raise RuntimeError(f"The font {self.font['family']} is missing: install {self.font['package']}.") from error
        return Path(str(package.__file__)).parent / "files" / self.font[weight]

    def css(self) -> str:
        """Write the colours as CSS custom properties, `--brand-soft` for `brand_soft`, for the pages."""
        return "".join(f"--{name.replace('_', '-')}:{value};" for name, value in self.palette.items())


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Give the relative luminance of `#RRGGBB` as WCAG 2 defines it, 0 to 1."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _channels(colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours `#RRGGBB`, 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def seen_contrast(pixels: bytes) -> float:
    """Give the contrast between what is commonest among RGB pixels, the ground, and what stands out most from it."""
    counted = Counter(pixels[at : at + 3] for at in range(0, len(pixels) - 2, 3))
    if not counted:
        return 1.0
    ground = f"#{counted.most_common(1)[0][0].hex()}"
    return max(contrast(ground, f"#{colour.hex()}") for colour in counted)


def parse_theme(data: Mapping[str, Any]) -> Theme:
    """Read the theme from its parsed TOML; a missing part is a KeyError with its name."""
    screens = {
        name: ScreenSpec(tuple(spec["pixels"]), tuple(spec["millimetres"]), spec["touch"], spec["text"])
        for name, spec in data["screen"].items()
    }
    return Theme(
        palette=data["palette"],
        high_contrast=data["high_contrast"],
        pairs=tuple((text, ground) for text, ground in data["contrast"]["pairs"]),
        minimum_contrast=data["contrast"]["minimum"],
        high_minimum=data["contrast"]["high_minimum"],
        large_text=data["modes"]["large_text"],
        reach=data["modes"]["reach"],
        font=data["font"],
        spaces=data["space"],
        radii=data["radius"],
        screens=screens,
        slip_text=data["slip"]["text"],
        slip_dots_per_mm=data["slip"]["dots_per_mm"],
        icons=data["icon"],
        group_icons=data["group_icon"],
        priority_icons=data["priority_icon"],
    )


@cache
def load_theme() -> Theme:
    """Read the theme that ships with the package."""
    return parse_theme(
        tomllib.loads(resources.files("broker.runtime").joinpath("theme.toml").read_text(encoding="utf-8"))
    )
