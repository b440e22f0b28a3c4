"""Procedures as a file that an office can keep: CSV as spreadsheets write it, or JSON; read and written; pure.

CSV: UTF-8, with `;`, `,` or tabs between the cells, the names of the columns in its first row, one procedure a row.

    code;service;group;name.vi;name.en;papers.vi;papers.en;fee.vi;fee.en;time.vi;time.en;where.vi;where.en

A cell of `papers` holds one paper a line. A row that begins with `#` is a remark. JSON: `{"items": [...]}`.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from controller.domain.centre.check import ConfigFault
from controller.domain.centre.procedures import Entry, Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from controller.domain.centre.procedures import Procedure

MARK = "\ufeff"
"""Stands at the head of a file that a spreadsheet shall read as UTF-8."""
BETWEEN: Final = ";,\t"
PLAIN: Final = ("code", "service", "group")
TEXTS: Final = ("name", "fee", "time", "where")
PAPERS: Final = "papers"
NEEDED: Final = ("code", "service", "name", PAPERS, "fee", "time")
_FORMULA = ("=", "+", "@", "-")

Json = dict[str, Any]


def read_text(text: str) -> Reading:
    """Read a file: as JSON when it begins so, else as CSV."""
    text = text.removeprefix(MARK)
    return _read_json(text) if text.lstrip()[:1] in {"{", "["} else _read_csv(text)


# ---- JSON ----


def _read_json(text: str) -> Reading:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Reading(faults=(ConfigFault("the file", f"is not JSON: {error}"),))
    items = told.get("items") if isinstance(told, dict) else told
    if not isinstance(items, list):
        return Reading(faults=(ConfigFault("items", "must be a list of procedures"),))
    return Reading(tuple(Entry(f"items[{at}]", ".", item) for at, item in enumerate(items)))


def write_json(procedures: Sequence[Procedure]) -> str:
    """Write procedures as JSON that `read_text` reads back."""
    return json.dumps({"items": [one.to_document() for one in procedures]}, ensure_ascii=False, indent=1) + "\n"


# ---- CSV ----


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, and the language of a text."""

    field: str
    lang: str = ""

    @property
    def title(self) -> str:
        """What stands at its head."""
        return f"{self.field}.{self.lang}" if self.lang else self.field


def _read_csv(text: str) -> Reading:
    between, text = _between(text)
    rows = _rows(text, between)
    try:
        head_at, head = next(((at, row) for at, row in rows if _says_something(row)), (1, []))
        columns, faults = _columns(head, f"row {head_at}")
        entries = []
        for at, row in rows:
            if _says_something(row):
                entry, wrong = _entry(f"row {at}", row, columns)
                entries.append(entry)
                faults += wrong
    except csv.Error as error:
        return Reading(faults=(ConfigFault("the file", f"is not CSV: {error}"),))
    lacking = _lacking(columns)
    missing = [ConfigFault(f"row {head_at}", f'the column "{field}" is missing') for field in lacking]
    return Reading(tuple(entries), (*missing, *faults), frozenset(lacking))


def _lacking(columns: list[Column | None]) -> list[str]:
    """Give the fields that no row can say: of the two that say where a procedure belongs, one is enough."""
    has = {column.field for column in columns if column}
    return [field for field in NEEDED if field not in (has | {"service"} if "group" in has else has)]


def _between(text: str) -> tuple[str, str]:
    """Give what stands between the cells, and the text without a first line that says it (`sep=;`)."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], "\n" + rest
    line = next(
        (one for one in text.splitlines() if one.strip(" \"';,\t") and not one.lstrip(' "').startswith("#")), ""
    )
    known = {sign: sum(_column(cell) is not None for cell in line.split(sign)) for sign in BETWEEN}
    return max(BETWEEN, key=lambda sign: known[sign]), text


def _rows(text: str, between: str) -> Iterator[tuple[int, list[str]]]:
    """Give each row with its number as a spreadsheet shows it."""
    return enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True), 1)


def _says_something(row: list[str]) -> bool:
    return any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")


def _column(cell: str) -> Column | None:
    """Read the head of a column; a text without a language is Vietnamese."""
    field, _, lang = cell.strip().strip('"').lower().partition(".")
    if field in PLAIN:
        return None if lang else Column(field)
    return Column(field, lang or "vi") if field in (*TEXTS, PAPERS) else None


def _columns(head: list[str], place: str) -> tuple[list[Column | None], list[ConfigFault]]:
    columns = [_column(cell) for cell in head]
    faults = []
    for at, (cell, column) in enumerate(zip(head, columns, strict=True)):
        if column is None and cell.strip():
            faults.append(ConfigFault(place, f'the column "{cell.strip()}" is not known'))
        elif column is not None and column in columns[:at]:
            faults.append(ConfigFault(place, f'the column "{column.title}" stands twice'))
    return columns, faults


def _entry(place: str, row: list[str], columns: list[Column | None]) -> tuple[Entry, list[ConfigFault]]:
    told: Json = {}
    papers: dict[str, list[str]] = {}
    for column, cell in zip(columns, row, strict=False):
        words = _unguarded(cell.strip())
        if column is None or not words:
            continue
        if column.field == PAPERS:
            papers[column.lang] = [_unguarded(line.strip()) for line in words.splitlines() if line.strip()]
        elif column.lang:
            told.setdefault(column.field, {})[column.lang] = words
        else:
            told[column.field] = words
    faults = [ConfigFault(place, "has more cells than the first row")] if any(row[len(columns) :]) else []
    if papers:
        counts = {len(lines) for lines in papers.values()}
        if len(counts) > 1:
            shown = ", ".join(f"{len(lines)} in {lang}" for lang, lines in papers.items())
            faults.append(ConfigFault(f"{place}, papers", f"every language needs as many lines: there are {shown}"))
        told[PAPERS] = [
            {lang: lines[at] for lang, lines in papers.items() if at < len(lines)} for at in range(min(counts))
        ]
    return Entry(place, ", ", told), faults


def write_csv(procedures: Sequence[Procedure]) -> str:
    """Write procedures as CSV that spreadsheets open well and `read_text` reads back."""
    documents = [one.to_document() for one in procedures]
    columns = [Column(field) for field in PLAIN]
    for field in ("name", PAPERS, "fee", "time", "where"):
        columns += [Column(field, lang) for lang in _languages(documents, field)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.title for column in columns)
    writer.writerows([_guarded(_cell(one, column)) for column in columns] for one in documents)
    return MARK + out.getvalue()


def _languages(documents: list[Json], field: str) -> list[str]:
    texts = [text for one in documents for text in (one.get(PAPERS, []) if field == PAPERS else [one.get(field, {})])]
    spoken = {lang for text in texts for lang in text} | {"vi"}
    return sorted(spoken, key=lambda lang: (lang != "vi", lang))


def _cell(document: Json, column: Column) -> str:
    value = document.get(column.field, "")
    if column.field == PAPERS:
        return "\n".join(paper.get(column.lang, "") for paper in value)
    return str(value.get(column.lang, "") if column.lang and value else value)


def _guarded(cell: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
