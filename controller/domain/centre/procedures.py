"""The procedures that citizens read at the kiosk: what one must say, and every fault of a list of them; pure.

They are the centre's own data, imported from a file (`controller/domain/centre/procedures_file.py`). What stands in
the list is information for people: no rule of the queue reads it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import AfterValidator, Field, StringConstraints, ValidationError

from broker.contract.ids import Slug  # noqa: TC001 - pydantic reads the annotations of its fields
from controller.domain.centre.check import CentreFaults, ConfigFault, in_words, twice
from controller.domain.centre.formats import check_text
from controller.domain.centre.model import ConfigModel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from controller.domain.centre.centre import Centre

MOST: Final = 5000
"""Procedures in one list."""
LARGEST_BYTES: Final = 16 * 1024
"""One procedure as JSON: two of them fit into a page (`controller/services/procedures.py`)."""
LONGEST_NAME: Final = 400
_BULLETS = "-–•*+"


def _tidy(words: str) -> str:
    """Give words as they are shown: composed letters, single spaces, no empty lines at either end."""
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", words).splitlines())
    return "\n".join(lines).strip()


def _tidy_text(text: dict[str, str]) -> dict[str, str]:
    return check_text({lang: _checked(lang, _tidy(words)) for lang, words in text.items()})


def _checked(lang: str, words: str) -> str:
    if any(unicodedata.category(letter) == "Cc" for letter in words if letter != "\n"):
        raise ValueError(f'the text for "{lang}" has a control character')
    return words


def _line(text: dict[str, str]) -> dict[str, str]:
    """Make each language one line; a bullet before it goes, for the kiosk has its own."""
    return {lang: " ".join(words.split()).lstrip(_BULLETS).lstrip() or words for lang, words in text.items()}


def _name(text: dict[str, str]) -> dict[str, str]:
    for lang, words in text.items():
        if len(words) > LONGEST_NAME:
            raise ValueError(f'the name for "{lang}" has {len(words)} characters, at most {LONGEST_NAME}')
    return text


def _same_languages(papers: tuple[dict[str, str], ...]) -> tuple[dict[str, str], ...]:
    for lang in sorted({lang for paper in papers for lang in paper}):
        lacking = [str(at + 1) for at, paper in enumerate(papers) if lang not in paper]
        if lacking:
            raise ValueError(f'the papers {", ".join(lacking)} of {len(papers)} have no text for "{lang}", others have')
    return papers


Words = Annotated[dict[str, str], AfterValidator(_tidy_text)]
Line = Annotated[dict[str, str], AfterValidator(_tidy_text), AfterValidator(_line)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class Procedure(ConfigModel):
    """One procedure; it belongs to a service, or to a group where any of its services may take it."""

    code: Code
    service: Slug | None = None
    group: Slug | None = None
    name: Annotated[Line, AfterValidator(_name)]
    papers: Annotated[tuple[Line, ...], Field(min_length=1), AfterValidator(_same_languages)]
    fee: Words
    time: Words
    where: Words | None = None

    def to_document(self) -> dict[str, Any]:
        """Write the procedure as JSON; what was left out stays out."""
        return self.model_dump(mode="json", exclude_none=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """A procedure as somebody wrote it. `place` and `joint` name a field of it: `items[3].fee`, `row 5, fee`."""

    place: str
    joint: str
    told: Any


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds: its entries, what is wrong with the file itself, the fields that it has no column for."""

    entries: tuple[Entry, ...] = ()
    faults: tuple[ConfigFault, ...] = ()
    lacking: frozenset[str] = frozenset()


def check_procedures(reading: Reading, centre: Centre) -> tuple[Procedure, ...]:
    """Give the procedures of a file; raises `CentreFaults` with every fault, in the order of the file."""
    faults = list(reading.faults)
    found: list[Procedure] = []
    for entry in reading.entries:
        wrong = [*_of_one(entry, found), *_references(entry, centre)]
        faults += [ConfigFault(_at(entry, one.place), one.message) for one in wrong if one.place not in reading.lacking]
    codes = ((_at(entry, "code"), entry.told["code"].strip()) for entry in reading.entries if _has_code(entry))
    faults += twice(codes, "the code")
    if not reading.entries and not faults:
        faults.append(ConfigFault("the file", "holds no procedures"))
    if len(reading.entries) > MOST:
        faults.append(ConfigFault("the file", f"holds {len(reading.entries)} procedures, at most {MOST}"))
    if faults:
        raise CentreFaults(tuple(faults))
    return tuple(found)


def _at(entry: Entry, field: str) -> str:
    return entry.place if field == "the file" else f"{entry.place}{entry.joint}{field}"


def _has_code(entry: Entry) -> bool:
    return isinstance(entry.told, Mapping) and isinstance(entry.told.get("code"), str)


def _of_one(entry: Entry, found: list[Procedure]) -> list[ConfigFault]:
    """Read one entry, add it to those that were found, and give its faults."""
    try:
        procedure = Procedure.model_validate(entry.told)
    except ValidationError as error:
        return in_words(error)
    size = len(json.dumps(procedure.to_document(), ensure_ascii=False).encode())
    if size > LARGEST_BYTES:
        return [ConfigFault("papers", f"the procedure has {size} bytes, at most {LARGEST_BYTES}: shorten its texts")]
    found.append(procedure)
    return []


def _references(entry: Entry, centre: Centre) -> Iterator[ConfigFault]:
    if not isinstance(entry.told, Mapping):
        return
    service, group = entry.told.get("service"), entry.told.get("group")
    known = centre.services.get(service) if isinstance(service, str) else None
    if service is None and group is None:
        yield ConfigFault("service", "a procedure belongs to a service or to a group: give one of the two")
    if isinstance(service, str) and known is None:
        yield ConfigFault("service", f'there is no service "{service}"')
    if isinstance(group, str) and group not in centre.groups:
        yield ConfigFault("group", f'there is no group "{group}"')
    elif known is not None and group is not None and known.group != group:
        yield ConfigFault("group", f'the service "{service}" is in the group "{known.group}"')


def revision_of(procedures: Sequence[Procedure]) -> str:
    """Give what tells this list apart from every other: the same list has the same revision, also after a restore."""
    told = json.dumps([one.to_document() for one in procedures], ensure_ascii=False, sort_keys=True)
    return blake2b(told.encode(), digest_size=8).hexdigest()
