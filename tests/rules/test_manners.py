"""What may not stand in this tree: blanket exemptions, unfinished work, paths of one machine, addresses."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\n")
    if name and (ROOT / name).is_file()
]  # fmt: skip
CODE = [path for path in TRACKED if path.suffix == ".py"]
HERE = Path(__file__).resolve()

BLANKET = re.compile(r"#\s*(noqa|type:\s*ignore)\s*($|[^:\[\s])")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
SLEEP = re.compile(r"\btime\.sleep\(")


def lines_with(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        if path == HERE:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    return found


def test_no_exemption_is_blanket() -> None:
    assert lines_with(BLANKET, CODE) == []


def test_nothing_is_left_unfinished() -> None:
    assert lines_with(UNFINISHED, CODE) == []


def test_no_home_or_checkout_path_stands_in_the_tree() -> None:
    here = re.compile("|".join(re.escape(str(path)) for path in {ROOT, Path.home() / ".pyenv"} if len(path.parts) > 2))

    assert lines_with(here, TRACKED) == []


@pytest.mark.parametrize("name", ["uv.lock", "poetry.lock", "pylock.toml"])
def test_no_lock_file_records_addresses(name: str) -> None:
    assert [path for path in TRACKED if path.name == name] == []


def test_pins_have_hashes_and_no_addresses() -> None:
    pins = [path for path in TRACKED if path.parent.name == "requirements" and path.suffix == ".txt"]
    assert pins

    for path in pins:
        text = path.read_text()
        assert "--hash=sha256:" in text, path.name
        assert "index" not in re.sub(r"^\S+==\S+.*$", "", text, flags=re.MULTILINE), path.name
        assert "://" not in text, path.name


def test_tests_wait_with_a_deadline_and_never_just_sleep() -> None:
    programs = ROOT / "tests" / "proof"  # they watch whole machines from outside, as `deploy` does
    tests = [path for path in CODE if path.is_relative_to(ROOT / "tests") and not path.is_relative_to(programs)]

    assert lines_with(SLEEP, tests) == []


def test_no_rule_of_a_screen_reaches_into_the_inside_of_a_widget() -> None:
    """Kivy then never lets the widget go: each screen that ever stood stays in memory."""
    assert lines_with(re.compile(r"\.ids\."), [path for path in TRACKED if path.suffix == ".kv"]) == []
