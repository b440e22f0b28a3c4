"""The application: routers, guards and answers put together; the only place where they meet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from typing_extensions import override

from controller.http import callers, problems
from controller.http.api import (
    centre,
    clock,
    closings,
    counters,
    events,
    health,
    inventory,
    procedures,
    queues,
    reports,
    session,
    tickets,
    waiting,
)
from controller.http.keys import Replays
from controller.http.pages import assets, desk, sign_in, ticket
from controller.http.pages import clock as clock_page
from controller.http.pages import reports as reports_page
from controller.http.security import Armour
from controller.http.strangers import Strangers
from controller.http.stream import Pulse

if TYPE_CHECKING:
    from controller.http.dependencies import Parts

ROOT: Final = "/api/v1"
API: Final = (
    tickets.reception, tickets.router, session.router, session.signed_in, queues.router, counters.router,
    waiting.router, procedures.router, events.router, reports.router, closings.router, centre.router, inventory.router,
    health.router, clock.router,
)  # fmt: skip
"""In the order in which a call is matched: the one that a rush makes comes first."""

PAGES: Final = (sign_in, desk, reports_page, clock_page, ticket, assets)

DESCRIPTION: Final = """The queue of one centre.

Every POST takes `Idempotency-Key`; failures are `application/problem+json`. Programs send the token of
`POST /session` as `Authorization: Bearer`; a page that relies on the cookie sends `X-CSRF-Token` with each change."""


SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "The token of `POST /session`."},
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": callers.COOKIE,
        "description": f"Set by `POST /session`; a change needs `{callers.CSRF_HEADER}` with the `csrf` of its answer.",
    },
}


class App(FastAPI):
    """An application whose document tells how to sign in."""

    @override
    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["securitySchemes"] = SCHEMES
        return document


def create_app(parts: Parts) -> FastAPI:
    """Make the application of one controller; it hears the engine's commits from now on."""
    app = routed(parts.version)
    attach(app, parts)
    return app


def routed(version: str) -> FastAPI:
    """Make an application that has all its routes and no parts yet."""
    app = App(
        title="Lượt", version=version, description=DESCRIPTION,
        openapi_url=f"{ROOT}/openapi.json", docs_url=None, redoc_url=None, redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False},
    )  # fmt: skip
    problems.register(app)
    for resource in API:  # each straight into the app: every level of routers costs every call
        app.include_router(resource, prefix=ROOT)
    app.include_router(health.monitoring)
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False)
    app.add_middleware(Strangers)
    app.add_middleware(Armour)  # the outermost: a refusal carries its headers too
    return app


def attach(app: FastAPI, parts: Parts) -> None:
    """Put the parts behind the routes."""
    app.state.parts = parts
    app.state.replays = Replays(parts.clock)
    app.state.reports = asyncio.Semaphore(reports.AT_ONCE)
    app.state.pulse = Pulse()
    parts.engine.listen(app.state.pulse.beat)
