"""Whom the end of a day found still in the hall, and what became of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.times import format_instant
from controller.http.api.reports import read_day
from controller.http.api.routing import router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, problem_responses
from controller.services.accounts.accounts import Role
from controller.services.journal.chain import Checkpoint

router = router_for(Role.SUPERVISOR, "reports")


class LeftOver(BaseModel):
    """A ticket that was alive at midnight; `became`: expired, carried_over, no_show (called) or done (being served)."""

    number: str
    service: str
    priority: str
    issued_at: str
    became: str


class Head(BaseModel):
    """The head of the journal's hash chain behind the last event of the day, and when the day was closed."""

    seq: int
    epoch: int
    head: str
    at: str


class Closing(BaseModel):
    """The list of one local day, and how many there are of each kind; empty and without a head while the day lasts."""

    day: date
    items: list[LeftOver]
    total: dict[str, int]
    head: Head | None = None


@router.get("/closings/{day}", response_model=Closing, responses=problem_responses(401, 403))
async def closing(request: Request, day: str) -> Response:
    """Show what the closing of a day did with those who were still there."""
    asked = read_day("day", day)
    history = dependencies_of(request).history
    rows = await asyncio.to_thread(history.closed, asked)
    last = await asyncio.to_thread(history.closing, asked)
    items: list[dict[str, Any]] = [{**row._asdict(), "issued_at": format_instant(row.issued_at)} for row in rows]
    total = dict(Counter(row.became for row in rows))
    return json_response({"day": asked.isoformat(), "items": items, "total": total, "head": head_of(last, asked)})


def head_of(last: Checkpoint | None, day: date) -> dict[str, Any] | None:
    """Return the head of a day, from the last closing up to it."""
    if last is None or last.day != day.isoformat():
        return None
    return {"seq": last.seq, "epoch": last.epoch, "head": last.head, "at": format_instant(last.at)}
