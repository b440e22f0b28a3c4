"""Icons: SVG path data of the theme, flattened to lines and drawn as smooth strokes; rounded corners; pure."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRID = 24.0
STROKE = 2.0
Point = tuple[float, float]

_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "A": 7, "Z": 0}
_TOKEN = re.compile(r"[MLHVCAZ]|-?\d*\.?\d+")


@lru_cache(maxsize=64)
def polylines(path: str) -> tuple[tuple[Point, ...], ...]:
    """Flatten path data (absolute M L H V C A Z) to lines; another command is a ValueError."""
    if unknown := set(re.findall(r"[A-Za-z]", path)) - set(_ARGUMENTS):
        raise ValueError(f"icons know no path command {', '.join(sorted(unknown))}")
    lines: list[list[Point]] = []
    for command, numbers in _commands(path):
        if command == "M":
            lines.append([(numbers[0], numbers[1])])
        else:
            _extend(lines[-1], command, numbers)
    return tuple(tuple(line) for line in lines)


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    tokens = _TOKEN.findall(path)
    at, command = 0, "M"
    while at < len(tokens):
        if tokens[at] in _ARGUMENTS:
            command, at = tokens[at], at + 1
        count = _ARGUMENTS[command]
        yield command, [float(token) for token in tokens[at : at + count]]
        at += count


def _extend(line: list[Point], command: str, numbers: list[float]) -> None:
    x, y = line[-1]
    if command == "Z":
        line.append(line[0])
    elif command == "C":
        line.extend(_curve((x, y), numbers))
    elif command == "A":
        line.extend(_arc((x, y), numbers))
    else:
        line.append({"L": lambda: (numbers[0], numbers[1]), "H": lambda: (numbers[0], y), "V": lambda: (x, numbers[0])}[command]())  # fmt: skip  # noqa: E501 - one table


def _curve(start: Point, numbers: list[float], steps: int = 16) -> list[Point]:
    points = [start, *((numbers[i], numbers[i + 1]) for i in (0, 2, 4))]

    def at(t: float) -> Point:
        weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        return sum(w * p[0] for w, p in zip(weights, points, strict=True)), sum(
            w * p[1] for w, p in zip(weights, points, strict=True)
        )

    return [at(step / steps) for step in range(1, steps + 1)]


def _arc(start: Point, numbers: list[float], steps: int = 20) -> list[Point]:
    """Follow an arc of a circle (rx = ry); the conversion from end points to a centre is the one of SVG 1.1, F.6.5."""
    radius, large, sweep, end = numbers[0], numbers[3] > 0, numbers[4] > 0, (numbers[5], numbers[6])
    half = ((end[0] - start[0]) / 2, (end[1] - start[1]) / 2)
    chord = math.hypot(*half)
    radius = max(radius, chord)
    height = math.sqrt(max(0.0, radius**2 - chord**2)) * (1 if large != sweep else -1)
    centre = (start[0] + half[0] - height * half[1] / chord, start[1] + half[1] + height * half[0] / chord)
    first = math.atan2(start[1] - centre[1], start[0] - centre[0])
    turn = math.atan2(end[1] - centre[1], end[0] - centre[0]) - first
    if sweep and turn < 0:
        turn += 2 * math.pi
    elif not sweep and turn > 0:
        turn -= 2 * math.pi
    angles = (first + turn * step / steps for step in range(1, steps + 1))
    return [(centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)) for angle in angles]


def coverage(path: str, size: int, stroke: float = STROKE) -> bytes:
    """Draw an icon as `size` rows of `size` bytes from the top: how much of each pixel the strokes cover, 0 to 255."""
    grain = size / GRID
    half = max(stroke * grain, 1.0) / 2
    field = bytearray(size * size)
    for line in polylines(path):
        points = [(x * grain, y * grain) for x, y in line]
        for start, end in zip(points, points[1:] or points, strict=False):
            _stroke(field, size, half, _distance_to(start, end), (start, end))
    return bytes(field)


def rounded(radius: int) -> bytes:
    """Draw the four corners of a rounded ground, two pixels between them: rows of `2 * radius + 2` bytes, 0 to 255."""
    beyond = [max(0.0, radius - (at + 0.5)) for at in range(radius + 1)]
    offsets = [*beyond, *reversed(beyond)]
    return bytes(int(255 * min(1.0, max(0.0, radius + 0.5 - math.hypot(x, y)))) for y in offsets for x in offsets)


def _stroke(
    field: bytearray, size: int, half: float, distance: Callable[[float, float], float], ends: tuple[Point, Point]
) -> None:
    (x0, y0), (x1, y1) = ends
    left, right = max(0, int(min(x0, x1) - half - 1)), min(size, int(max(x0, x1) + half + 2))
    for row in range(max(0, int(min(y0, y1) - half - 1)), min(size, int(max(y0, y1) + half + 2))):
        for column in range(left, right):
            level = int(255 * min(1.0, max(0.0, half + 0.5 - distance(column + 0.5, row + 0.5))))
            at = row * size + column
            field[at] = max(field[at], level)


def _distance_to(start: Point, end: Point) -> Callable[[float, float], float]:
    dx, dy = end[0] - start[0], end[1] - start[1]
    square = dx * dx + dy * dy

    def distance(x: float, y: float) -> float:
        along = min(1.0, max(0.0, ((x - start[0]) * dx + (y - start[1]) * dy) / square)) if square else 0.0
        return math.hypot(x - start[0] - along * dx, y - start[1] - along * dy)

    return distance
