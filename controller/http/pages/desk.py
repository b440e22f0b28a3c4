"""The officer's desk: choosing a counter, its page, and its live updates."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.errors import Code
from broker.contract.texts import pick
from broker.runtime.catalogue import catalogue
from controller.http.dependencies import dependencies_of
from controller.http.pages.desk_view import desk_view
from controller.http.pages.device_warnings import device_warnings, setup_warnings
from controller.http.pages.event_stream import event_response, view_events
from controller.http.pages.page import caller_or_response, page_of
from controller.http.responses.clock_notice import clock_notice
from controller.http.responses.languages import language_of
from controller.http.responses.problems import ProblemError
from controller.http.security.authentication import session_token
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from broker.contract.payloads import Text
    from controller.domain.queue.hall import Hall
    from controller.http.pages.page import Page
    from controller.services.accounts.accounts import Caller

router = APIRouter(prefix="/desk")

SCRIPT_WORDS: Final = {
    "nobody": "desk.nobody",
    "nobody_in_hand": "desk.nobody_in_hand",
    "minutes": "desk.minutes",
    "late": "desk.late",
    "note": "desk.note",
    "recalled": "desk.recalled",
    "offline": "desk.offline",
    "changed": "desk.changed",
    "changed_to_none": "desk.changed_to_none",
    "status.closed": "status.closed",
    "status.open": "status.open",
    "status.paused": "status.paused",
    "status.calling": "status.calling",
    "status.serving": "status.serving",
}
"""What the page's script says, by the names it uses."""

PAUSES: Final = ("pause.break", "pause.lunch", "pause.meeting", "pause.other")
"""Reasons for a pause where the configuration names none."""


def _script_words(page: Page) -> str:
    """Return the words with their places left open: the script fills them."""
    open_places = {"count": "{count}", "number": "{number}"}
    return json.dumps({name: page.words(key, **open_places) for name, key in SCRIPT_WORDS.items()}, ensure_ascii=False)


def links_of(page: Page, caller: Caller, *paths: tuple[str, str]) -> list[tuple[str, str]]:
    """Return the links of the bar: the given ones, and the reports for supervisors."""
    found = [(path, page.words(key)) for path, key in paths]
    if caller.role.covers(Role.SUPERVISOR):
        found.append(("/reports", page.words("desk.reports")))
    return found


@router.get("")
async def choose(request: Request) -> Response:
    """Show every counter to choose from."""
    caller = caller_or_response(request, Role.OFFICER)
    if isinstance(caller, Response):
        return caller
    page, user = page_of(request), caller.user

    def every(hall: Hall, _: int) -> list[dict[str, Any]]:
        return [
            {
                "id": counter.id,
                "label": pick(counter.label, page.lang),
                "status": hall.counters[counter.id].status.value,
                "officer": hall.counters[counter.id].officer,
                "waiting": hall.waiting_at(hall.counters[counter.id]),
                "services": [pick(hall.centre.services[one].name, page.lang) for one in counter.services],
                "mine": user in (hall.counters[counter.id].officer, counter.officer),
            }
            for counter in hall.centre.counter
        ]

    counters = await dependencies_of(request).engine.ask(every)
    clock = clock_notice(dependencies_of(request).engine.guard, page.words, caller.role)
    return page.show("choose.html", caller=caller, clock=clock, counters=counters, links=links_of(page, caller))


@router.get("/{counter}")
async def desk(request: Request, counter: str) -> Response:
    """Show the page of one counter."""
    caller = caller_or_response(request, Role.OFFICER)
    if isinstance(caller, Response):
        return caller
    page, centre = page_of(request), dependencies_of(request).centre()
    if counter not in centre.counters:
        return page.show("message.html", 404, title=page.words("page.not_found"), hint="")

    def named(rows: list[tuple[str, Text]]) -> list[tuple[str, str]]:
        return [(id_, pick(name, page.lang)) for id_, name in rows]

    pauses = named([(one.code, one.name) for one in centre.pause])
    return page.show(
        "desk.html", caller=caller, counter=counter, label=pick(centre.counters[counter].label, page.lang),
        links=links_of(page, caller, ("/desk", "desk.change")), words=_script_words(page),
        pauses=pauses or [(page.words(key), page.words(key)) for key in PAUSES],
        services=named([(one.id, one.name) for one in centre.service]),
        outcomes=named([(one.code, one.name) for one in centre.outcome]),
        officers=[one.user for one in dependencies_of(request).accounts.everybody() if one.user != caller.user],
        others=named([(one.id, one.label) for one in centre.counter if one.id != counter]),
    )  # fmt: skip


@router.get("/{counter}/stream")
async def state_stream(request: Request, counter: str) -> Response:
    """Stream what a counter's page shows, as long as its reader is signed in."""
    deps, lang = dependencies_of(request), language_of(request)
    token, _ = session_token(request)
    caller = deps.accounts.who(token) if token else None
    if token is None or caller is None:
        raise ProblemError("no_session", "Sign in first.")
    if counter not in deps.centre().counters:
        raise ProblemError(Code.NOT_FOUND, f"There is no counter {counter[:32]!r}.")

    async def view() -> dict[str, Any]:
        shown = await deps.engine.ask(lambda hall, now: desk_view(hall, counter, now, lang))
        say = partial(catalogue("controller").say, lang=lang)
        found = device_warnings(await deps.inventory.everything(), say, lang)
        if caller.role.covers(Role.ADMINISTRATOR):
            found += setup_warnings(deps.centre(), reachable=deps.reachable, say=say)
        clock = clock_notice(deps.engine.guard, say, caller.role)
        return shown | {"troubles": [clock, *found] if clock else found}

    def alive() -> bool:
        return deps.accounts.who(token) is not None and counter in deps.centre().counters

    return event_response(view_events(request.app.state.commits, deps.clock, view, alive))
