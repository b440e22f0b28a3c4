"""`luot verify`: the journal's hash chain recomputed, every day replayed, every call decided again."""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from controller.commands.options import DataOption, JsonOption
from controller.commands.output import FAILED, WRONG_USE, fail, print_json
from controller.services.journal import verify as verifying
from controller.services.journal.ports import StoreError
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.restore.remains import refuse_lost_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.services.journal.verify import Progress as Hearing
    from controller.services.journal.verify import VerifyResult

SHOWN = 20
LEAST = 16
"""Digits of a head that are enough as an anchor: nobody can try out 2**64 journals."""

STEPS = {verifying.CHAIN: "hash chain, events", verifying.DAYS: "replay, days"}

AnchorOption = Annotated[
    list[str] | None,
    typer.Option(
        help="A head noted at the closing of a day (16 digits are enough): it must lie in the chain. Repeatable."
    ),
]


def register(app: typer.Typer) -> None:
    """Add `verify` to the application."""
    app.command("verify", help="Prove the journal: its hash chain, its projections, the order of its calls.")(verify)


def verify(*, data: DataOption, anchor: AnchorOption = None, as_json: JsonOption = False) -> None:
    """Check the file, recompute the chain, replay every day; exit 1 when anything differs."""
    anchors = [_digits(one) for one in anchor or ()]
    try:
        refuse_lost_store(data)
        with closing(Audit(data / FILE)) as audit, _progress() as went_on:
            audit.check()
            found = verifying.verify(audit, went_on)
    except StoreError as error:
        fail(str(error))
    differences = [*found.differences, *_unanchored(found, anchors)]
    if as_json:
        print_json(_plain(found, anchors) | {"differences": differences})
    else:
        _say(found, anchors, differences)
    if differences:
        raise typer.Exit(FAILED)


def _digits(anchor: str) -> str:
    """Read a head as people write it down: in groups, in any case; too few digits, or others, are wrong use."""
    digits = re.sub(r"[\s.:-]", "", anchor).lower()
    if not re.fullmatch(rf"[0-9a-f]{{{LEAST},64}}", digits):
        fail(f"--anchor: a head has 64 hexadecimal digits, of which at least {LEAST} are needed", WRONG_USE)
    return digits


def _unanchored(found: VerifyResult, anchors: list[str]) -> list[str]:
    """Return a sentence for each anchor that is no head of the sound part of the chain."""
    return [
        f"the anchor {anchor} is not in the chain: this journal is not the one that it was noted over. Either events"
        " were changed since, or a backup of before was restored since: then it lies in the store that was set aside"
        for anchor in anchors
        if found.chain.anchored(anchor) is None
    ]


def _plain(found: VerifyResult, anchors: list[str]) -> dict[str, object]:
    closed, lying = found.chain.closing, {one: found.chain.anchored(one) for one in anchors}
    return {
        "days": found.days,
        "calls": found.calls,
        "events": found.chain.events,
        "closing": None if closed is None else closed._asdict(),
        "anchors": {anchor: None if one is None else one._asdict() for anchor, one in lying.items()},
    }


def _say(found: VerifyResult, anchors: list[str], differences: list[str]) -> None:
    for line in differences[:SHOWN]:
        typer.echo(line)
    if len(differences) > SHOWN:
        typer.echo(f"… and {len(differences) - SHOWN} more; --json gives them all")
    for anchor in anchors:
        lies = found.chain.anchored(anchor)
        if lies is not None:
            typer.echo(
                f"anchor {anchor[:LEAST]}… lies in the chain: events 1 to {lies.seq} are those it was noted over"
            )
    closed = found.chain.closing
    if closed is not None:
        typer.echo(f"head at the closing of {closed.day}, after event {closed.seq}: {closed.head}")
    typer.echo(
        f"{found.days} days replayed, {found.calls} calls decided again, {found.chain.events} events in the chain,"
        f" {len(differences)} differences"
    )


@contextmanager
def _progress() -> Iterator[Hearing]:
    """Show on a terminal how far it is."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        tasks = {what: shown.add_task(words, total=None) for what, words in STEPS.items()}
        yield lambda what, done, of: shown.update(tasks[what], completed=done, total=of)
