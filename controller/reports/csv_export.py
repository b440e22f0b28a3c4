"""A report as CSV: the plain form for programs, and the form that a Vietnamese or English spreadsheet opens well."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from controller.reports.registry import flat_columns
from controller.reports.report import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broker.runtime.catalogue import Catalogue
    from controller.reports.registry import FlatColumn

BOM = "\ufeff"


def _cell(value: Any, comma: str) -> str:  # noqa: ANN401 - a figure is an int, a float, a text or None
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".").replace(".", comma)
    return "" if value is None else _escape_formula(str(value))


def _escape_formula(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "-") else text


def _write(
    head: list[str], columns: list[FlatColumn], rows: Iterable[dict[str, Any]], comma: str, delimiter: str
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows([_cell(column.value(row), comma) for column in columns] for row in rows)
    return out.getvalue()


def plain_csv(report: dict[str, Any]) -> bytes:
    """Write the rows for programs: RFC 4180, UTF-8 without a mark, the contract's names as header, no totals."""
    columns = flat_columns(report)
    return _write([one.name for one in columns], columns, report["rows"], ".", ",").encode()


def spreadsheet_csv(report: dict[str, Any], words: Catalogue, lang: str) -> bytes:
    """Write the rows for people: a mark at the head, labels in a language, its decimal sign, a last line of totals."""
    comma, delimiter = (",", ";") if lang == "vi" else (".", ",")
    columns = flat_columns(report)
    head = [label(one, report["by"], words, lang) for one in columns]
    total = {"key": words.say("report.total", lang), **report["total"]}
    return (BOM + _write(head, columns, [*report["rows"], total], comma, delimiter)).encode()


def label(column: FlatColumn, by: str, words: Catalogue, lang: str) -> str:
    """Return the words over a column."""
    if column.kind is None:
        return words.say(f"report.by.{by}", lang)
    if column.kind is Kind.COUNTS:
        own = f"report.{column.prefix}.{column.part}"
        return (
            words.say(own, lang) if own in words.keys else words.say(f"report.{column.prefix}", lang, name=column.part)
        )
    return words.say(f"report.{column.name}", lang)
