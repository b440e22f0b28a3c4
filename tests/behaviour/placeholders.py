"""What is random, or the machine's own, is replaced by a name in order of first appearance; nothing else is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

GIVEN = "given-"
"""What the script itself hands in begins so, or is a UUID that begins with eight zeros: it stays as it is."""

FIELDS = ("token", "csrf", "password", "salt", "key", "value")
"""Names of JSON fields and columns whose long random texts are learned, and then replaced wherever they stand."""

RANDOM = r"(?=[A-Za-z0-9_+/=-]*[0-9A-Z])[A-Za-z0-9_+/=-]{16,}"
LEARN = (
    re.compile(rf'\\*"(?P<kind>{"|".join(FIELDS)})\\*":\s*\\*"(?P<value>{RANDOM})\\*"'),
    re.compile(rf'name="(?P<kind>csrf|key)" (?:content|value)="(?P<value>{RANDOM})"'),
    re.compile(rf"(?P<kind>password), which is shown once: (?P<value>{RANDOM})"),
    re.compile(rf"luot_(?P<kind>session)=(?P<value>{RANDOM})"),
    re.compile(rf"(?P<kind>password) it is shown once: (?P<value>{RANDOM})"),
)
UUID = re.compile(r"(?<![0-9a-f-])(?!00000000)[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
GROUPED = re.compile(r"<span>[0-9a-f]{4}</span>(?: <span>[0-9a-f]{4}</span>){15}")
HEX = re.compile(r"(?<![0-9a-zA-Z_-])[0-9a-f]{64,}(?![0-9a-zA-Z_-])")
ARGON = re.compile(r"(?P<how>\$argon2id\$v=\d+\$[mtp=0-9,]+)\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")


class Names:
    """Gives the same value the same name, and values of one kind numbers from 1."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def of(self, kind: str, value: str) -> str:
        """Give the name of a value."""
        if value not in self._known:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._known[value] = f"<{kind}-{self._counts[kind]}>"
        return self._known[value]


def learned(texts: Mapping[str, str]) -> dict[str, str]:
    """Give the random texts that stand in fields of the known names, with their kinds, in order of appearance."""
    found: dict[str, str] = {}
    for text in texts.values():
        matches = sorted((one for pattern in LEARN for one in pattern.finditer(text)), key=lambda one: one.start())
        for match in matches:
            value = match["value"]
            if not value.startswith((GIVEN, "00000000")) and not HEX.fullmatch(value) and not UUID.fullmatch(value):
                found.setdefault(value, "token" if match["kind"] == "value" else match["kind"])
    return found


def scrub(texts: Mapping[str, str], places: Mapping[str, str]) -> dict[str, str]:
    """Replace known places (paths, ports) by their names, then everything random; the order of the texts counts."""
    named = {name: _replaced(text, places) for name, text in texts.items()}
    kinds = learned(named)
    secrets = re.compile("|".join(re.escape(one) for one in sorted(kinds, key=len, reverse=True)) or r"(?!)")
    names = Names()

    def whole(text: str) -> str:
        text = secrets.sub(lambda match: names.of(kinds[match[0]], match[0]), text)
        text = ARGON.sub(lambda match: f"{match['how']}${names.of('argon', match[0])}", text)
        text = UUID.sub(lambda match: names.of(f"uuid{match[1]}", match[0]), text)
        text = GROUPED.sub(lambda match: names.of("hex64", re.sub("<.*?>| ", "", match[0])) + " in spans", text)
        return HEX.sub(lambda match: names.of(f"hex{len(match[0])}", match[0]), text)

    return {name: whole(text) for name, text in named.items()}


def _replaced(text: str, places: Mapping[str, str]) -> str:
    for place, name in places.items():
        text = text.replace(place, name)
    return text
