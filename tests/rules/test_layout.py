"""The tree shows the architecture: no circles, no layers spelled as prefixes, roots that a reader can take in."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("broker", "devices", "controller", "kiosk", "displays", "deploy")
PACKAGES = (*PRODUCT, "tests")
MAX_ROOT_ENTRIES = 12
MAX_ONE_PREFIX = 2
IMPORT = re.compile(r"^[ ]*(from [\w.]+ import (?:\([^)]*\)|[^\n(]+)|import [^\n]+)$", re.MULTILINE)
"""A statement that imports; to parse the whole of every file for it takes ten times as long."""


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for package in PACKAGES for path in (ROOT / package).rglob("*.py")}


def imports_of(path: Path) -> set[str]:
    """Every module of the tree that a file imports: at its head, in a function, for types, in a program in a string."""
    found = set()
    statements = "\n".join(match[1] for match in IMPORT.finditer(path.read_text()))
    for node in ast.parse(statements).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys()


@cache
def imports() -> dict[str, set[str]]:
    return {module: imports_of(path) for module, path in MODULES.items()}


def circle_in(graph: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        return list(circle.args[1])
    return []


def parents_of(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:depth]) for depth in range(1, len(parts))]


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle_in(imports()) == []


@pytest.mark.parametrize("package", ["", *sorted({name for module in MODULES for name in parents_of(module)})])
def test_no_siblings_import_each_other_in_a_circle(package: str) -> None:
    """A folder's modules and sub-packages have an order, so that each can be read without the next."""
    start = f"{package}." if package else ""
    graph = defaultdict[str, set[str]](set)
    for module, imported in imports().items():
        for other in imported:
            if module.startswith(start) and other.startswith(start):
                ours, theirs = (name.removeprefix(start).split(".")[0] for name in (module, other))
                if ours != theirs:
                    graph[ours].add(theirs)

    assert circle_in(graph) == []


@pytest.mark.parametrize("package", ["kiosk", "broker"])
def test_the_root_of_a_package_has_at_most_12_entries(package: str) -> None:
    entries = [path.name for path in (ROOT / package).iterdir() if path.name != "__pycache__"]

    assert len(entries) <= MAX_ROOT_ENTRIES, entries


def test_three_modules_with_one_prefix_are_a_folder() -> None:
    prefixes = Counter(
        f"{path.parent.relative_to(ROOT)}/{path.stem.split('_')[0]}"
        for path in MODULES.values()
        if not path.stem.startswith(("test_", "__"))
    )

    assert [name for name, count in prefixes.items() if count > MAX_ONE_PREFIX] == []


@pytest.mark.parametrize("package", PRODUCT)
def test_a_package_with_several_rooms_has_a_readme(package: str) -> None:
    folders = [path for path in (ROOT / package).rglob("*") if (path / "__init__.py").is_file()]
    rooms = Counter(path.parent for path in folders)
    without = [
        str(path.relative_to(ROOT)) for path, count in rooms.items() if count > 1 and not (path / "README.md").is_file()
    ]

    assert without == []


LATE_IMPORT = re.compile(r'import_module\(\s*"([\w.]+)"\s*\)\.(\w+)')


def test_names_of_modules_that_are_imported_late_exist() -> None:
    """Neither mypy nor import-linter follows these: modules with Kivy are imported when a window is open."""
    late = {match.groups() for path in MODULES.values() for match in LATE_IMPORT.finditer(path.read_text())}
    ours = {(module, name) for module, name in late if module in MODULES}
    assert ours

    defined = {
        module: {name for node in ast.parse(MODULES[module].read_text()).body for name in names_of(node)}
        for module, _ in ours
    }
    assert [f"{module}.{name}" for module, name in sorted(ours) if name not in defined[module]] == []


def names_of(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case _:
            return []
