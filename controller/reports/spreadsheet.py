"""A report as CSV: the plain form for programs, and the form that a Vietnamese or English spreadsheet opens well."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from controller.reports.report import COUNTS, columns

if TYPE_CHECKING:
    from broker.runtime.catalogue import Catalogue

BOM = "\ufeff"


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if name in COUNTS:
            flat.update({f"{COUNTS[name]}_{one}": count for one, count in value.items()})
        elif isinstance(value, dict):
            flat.update({f"{name}_{part}": number for part, number in value.items()})
        else:
            flat[name] = value
    return flat


def _missing(column: str) -> int | None:
    """Give the figure of a row that lacks a column: nothing was counted under that name, or it is not known."""
    return 0 if column.partition("_")[0] in COUNTS.values() else None


def _cell(value: Any, comma: str) -> str:  # noqa: ANN401 - a figure is an int, a float, a text or None
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", comma)
    return "" if value is None else _harmless(str(value))


def _harmless(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "-") else text


def plain_csv(report: dict[str, Any]) -> bytes:
    """Write the rows for programs: RFC 4180, UTF-8 without a mark, the contract's names as header, no totals."""
    names = columns(report)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names)
    for row in map(_flat, report["rows"]):
        writer.writerow([_cell(row.get(name, _missing(name)), ".") for name in names])
    return out.getvalue().encode()


def office_csv(report: dict[str, Any], words: Catalogue, lang: str) -> bytes:
    """Write the rows for people: a mark at the head, labels in a language, its decimal sign, a last line of totals."""
    comma, between = (",", ";") if lang == "vi" else (".", ",")
    names = columns(report)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between)
    writer.writerow([label(name, report["by"], words, lang) for name in names])
    total = {"key": words.say("report.total", lang), **report["total"]}
    for row in map(_flat, [*report["rows"], total]):
        writer.writerow([_cell(row.get(name, _missing(name)), comma) for name in names])
    return (BOM + out.getvalue()).encode()


def label(column: str, by: str, words: Catalogue, lang: str) -> str:
    """Give the words over a column."""
    if column == "key":
        return words.say(f"report.by.{by}", lang)
    prefix, _, rest = column.partition("_")
    if prefix in COUNTS.values():
        own = f"report.{prefix}.{rest}"
        return words.say(own, lang) if own in words.keys else words.say(f"report.{prefix}", lang, name=rest)
    return words.say(f"report.{column}", lang)
