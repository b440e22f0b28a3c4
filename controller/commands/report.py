"""`luot report NAME --from D --to D`: a report for a range of days, without the controller."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from broker.contract.errors import RefusedError
from broker.runtime.clock import clock_from
from controller.commands.options import DataOption
from controller.commands.output import WRONG_USE, fail
from controller.reports.csv_export import plain_csv
from controller.reports.grouping import By
from controller.reports.registry import REPORTS, make_report, parse_day
from controller.reports.report import ReportQuery
from controller.services.journal.ports import StoreError
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.figures import FiguresStore
from controller.store.restore.remains import refuse_lost_store

FORMATS = ("json", "csv")
*NAMES, LAST = REPORTS


def register(app: typer.Typer) -> None:
    """Add `report` to the application."""
    app.command("report", help="Make a report for a range of days.")(report)


def report(
    name: Annotated[str, typer.Argument(help=f"{', '.join(NAMES)} or {LAST}.")],
    *,
    first: Annotated[str, typer.Option("--from", help="The first local day, as 2026-11-23.")],
    last: Annotated[str, typer.Option("--to", help="The last local day, included.")],
    data: DataOption,
    by: Annotated[By, typer.Option(help="What a row stands for.")] = By.DAY,
    form: Annotated[str, typer.Option("--format", help="json or csv.")] = "json",
    out: Annotated[Path | None, typer.Option(help="The file to write; else the standard output.")] = None,
) -> None:
    """Make a report from the store, also beside a running controller."""
    if form not in FORMATS:
        fail(f"--format {form} is not made by this version: give {' or '.join(FORMATS)}", WRONG_USE)
    try:
        refuse_lost_store(data)
        query = ReportQuery(name, _day("--from", first), _day("--to", last), by, _scores(data))
        made = make_report(query, FiguresStore(data / FILE), clock_from(os.environ).now())
    except RefusedError as refused:
        fail(str(refused), WRONG_USE)
    except StoreError as error:
        fail(str(error))
    content = plain_csv(made) if form == "csv" else (json.dumps(made, ensure_ascii=False) + "\n").encode()
    _write(out, content)


def _day(option: str, text: str) -> date:
    try:
        return parse_day(text)
    except ValueError:
        fail(f"{option} {text!r} is no date: give it as 2026-11-23", WRONG_USE)


def _scores(data: Path) -> tuple[int, ...]:
    """Return the levels of the rating scale in force."""
    with closing(Audit(data / FILE)) as audit:
        current = audit.current()
    levels: list[dict[str, Any]] = current.data.get("rating", {}).get("levels", [])
    return tuple(level["score"] for level in levels)


def _write(out: Path | None, content: bytes) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}")
