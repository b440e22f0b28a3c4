"""The pseudo-language, brought to a centre as a local one is: files in a folder, texts in its tables, and no code."""

from __future__ import annotations

import csv
import io
import re
from importlib.resources import files
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po, write_po

from broker.contract.texts import FALLBACK
from broker.runtime.catalogue import FOLDER, Catalogue, catalogue, with_own
from deploy.driver.pseudo_language import PSEUDO, bare, lengthened, pseudo_word

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PACKAGES = ("kiosk", "displays", "controller", "broker")
"""Whose words are read; what is spoken needs a voice of its own."""
_OF_A_TABLE = re.compile(rf'\b{FALLBACK} = "([^"]*)"')
_OF_A_COLUMN = f".{FALLBACK}"


def bring(folder: Path) -> dict[str, str]:
    """Lay down the files of every program in a folder; give the environment in which the programs find them."""
    for package in PACKAGES:
        shipped = files(package).joinpath("texts", f"{FALLBACK}.po").read_bytes()
        (folder / package).mkdir(parents=True, exist_ok=True)
        (folder / package / f"{PSEUDO}.po").write_bytes(translated(shipped))
    return {FOLDER: str(folder)}


def words_with(folder: Path, package: str = "kiosk") -> Catalogue:
    """Give the words of a program as it finds them with such a folder."""
    return Catalogue(with_own(catalogue(package).words, folder / package))


def translated(shipped: bytes) -> bytes:
    """Give a file of Vietnamese words as a translator hands it back: its language and every `msgstr` are others."""
    made = read_po(io.BytesIO(shipped), locale=FALLBACK, abort_invalid=True)
    made.locale = PSEUDO
    for message in made:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id:
            message.string = pseudo_word(message.id, message.string)
    written = io.BytesIO()
    write_po(written, made)
    return written.getvalue()


def in_tables(toml: str) -> str:
    """Give a configuration with a text in the language beside each Vietnamese one."""
    return _OF_A_TABLE.sub(lambda found: f'{found[0]}, {PSEUDO} = "{lengthened(found[1])}"', toml)


def in_columns(procedures: str) -> str:
    """Give a list of procedures with a column in the language for each Vietnamese one."""
    rows = list(csv.DictReader(io.StringIO(procedures), delimiter=";"))
    for row in rows:
        spoken = {name: words for name, words in row.items() if name.endswith(_OF_A_COLUMN)}
        row.update({f"{name.removesuffix(FALLBACK)}{PSEUDO}": lengthened(words) for name, words in spoken.items()})
    written = io.StringIO()
    table = csv.DictWriter(written, list(rows[0]), delimiter=";")
    table.writeheader()
    table.writerows(rows)
    return written.getvalue()


def strangers(words: Iterable[str]) -> list[str]:
    """Give the words that come from no catalogue and no table; characters, numbers and codes are none."""
    return sorted(text for text in words if any(character.islower() for character in bare(text)))
