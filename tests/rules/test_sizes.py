"""Nothing grows past what a reader can hold in the head."""

from __future__ import annotations

import ast
import statistics
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("broker", "controller", "kiosk", "displays", "deploy", "devices", "tests")
FILES = [*sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")), ROOT / "luot.py"]
SOURCES = [path for path in FILES if not path.is_relative_to(ROOT / "tests")]

MAX_FILE_LINES = 400
"""A file has one concept. One with more lines than these is listed below with its reason."""
LONG_FILES = {
    "broker/link/mqtt_link.py": "one connection; all of it is the state of one class",
    "controller/services/engine/engine.py": "the single writer; all of it is one loop and what may be asked of it",
}
MAX_FUNCTION_LINES = 50
P90_FUNCTION_LINES = 25
PARTS = ("body", "orelse", "finalbody", "handlers", "cases")
"""Where a statement holds others; a function is nowhere else."""


@cache
def functions(path: Path) -> list[tuple[str, int]]:
    found, waiting = [], list[ast.AST]([ast.parse(path.read_text())])
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            found.append((node.name, node.end_lineno - node.lineno + 1))
        for part in PARTS:
            waiting.extend(getattr(node, part, ()))
    return found


def too_long(paths: Iterable[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths if len(path.read_text().splitlines()) > MAX_FILE_LINES]


def test_a_file_over_400_lines_is_listed_with_its_reason() -> None:
    assert too_long(FILES) == sorted(LONG_FILES)


def test_a_function_has_at_most_50_lines() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {name} has {lines} lines"
        for path in FILES
        for name, lines in functions(path)
        if lines > MAX_FUNCTION_LINES
    ]

    assert long == []


def test_nine_functions_of_ten_have_at_most_25_lines() -> None:
    lengths = [lines for path in SOURCES for _, lines in functions(path)]

    assert statistics.quantiles(lengths, n=10)[-1] <= P90_FUNCTION_LINES


def test_style_files_and_scripts_of_the_pages_are_as_small() -> None:
    pages = [path for suffix in ("kv", "html", "js", "css") for path in ROOT.glob(f"[bcdk]*/**/*.{suffix}")]

    assert pages
    assert too_long(pages) == []
