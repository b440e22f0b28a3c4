"""Every path that a document names exists: documents follow when modules move."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = {".venv", ".venv-emupos", ".git", "node_modules"}
PATHS = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|kv|toml|sh|yml|service))(?::\d+)?`")
ELSEWHERE = {"centre.toml", "kiosk/xx.po", "display-manager.service", "mosquitto.service", "FEATURE.py"}
"""Files of a centre or of Debian, and places to be filled in."""


@cache
def files() -> list[Path]:
    """Every file of the project, looked for once."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in HIDDEN]
        found += [Path(folder, name) for name in names]
    return sorted(found)


@cache
def names() -> set[str]:
    return {path.name for path in files()}


DOCUMENTS = [path for path in files() if path.suffix == ".md" and path.name != "CHANGELOG.md"]


def exists(name: str, document: Path) -> bool:
    """A name with a folder counts from the root, its package or the document; a bare name may be anywhere."""
    if "/" not in name:
        return name in names()
    packages = (
        ROOT / package
        for package in ("kiosk", "controller", "controller/domain", "broker", "devices", "displays", "deploy")
    )
    return any((base / name).is_file() for base in (ROOT, document.parent, *packages))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_documents_exist(document: Path) -> None:
    named = {match[1] for match in PATHS.finditer(document.read_text())}
    wanted = sorted(name for name in named if name.rpartition("/")[2] not in ELSEWHERE)

    assert [name for name in wanted if not exists(name, document)] == []


LINKS = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_in_documents_lead_somewhere(document: Path) -> None:
    linked = sorted({match[1] for match in LINKS.finditer(document.read_text())})

    assert [link for link in linked if not (document.parent / link).exists()] == []
