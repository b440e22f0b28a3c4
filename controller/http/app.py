"""The application: the tables of API routers and pages, the middleware and the OpenAPI document."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI
from typing_extensions import override

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
from controller.http.api.idempotency import SecretResponses
from controller.http.pages import assets, desk, sign_in, ticket
from controller.http.pages import clock as clock_page
from controller.http.pages import reports as reports_page
from controller.http.pages.event_stream import CommitSignal
from controller.http.responses import problems
from controller.http.security.anonymous import AnonymousMiddleware
from controller.http.security.authentication import CSRF_HEADER, SESSION_COOKIE
from controller.http.security.middleware import SecurityMiddleware

if TYPE_CHECKING:
    from controller.http.dependencies import Dependencies

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
        "name": SESSION_COOKIE,
        "description": f"Set by `POST /session`; a change needs `{CSRF_HEADER}` with the `csrf` of its answer.",
    },
}


class App(FastAPI):
    """An application whose OpenAPI document describes how to sign in."""

    @override
    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["securitySchemes"] = SCHEMES
        return document


def create_app(deps: Dependencies) -> FastAPI:
    """Make the application of one controller; it listens to the engine's commits."""
    app = app_with_routes(deps.version)
    attach_dependencies(app, deps)
    return app


def app_with_routes(version: str) -> FastAPI:
    """Make an application that has all its routes and no dependencies yet."""
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
    app.add_middleware(AnonymousMiddleware)
    app.add_middleware(SecurityMiddleware)  # the outermost: a refusal carries its headers too
    return app


def attach_dependencies(app: FastAPI, deps: Dependencies) -> None:
    """Set what the routes depend on."""
    app.state.dependencies = deps
    app.state.secret_responses = SecretResponses(deps.clock)
    app.state.report_slots = asyncio.Semaphore(reports.AT_ONCE)
    app.state.commits = CommitSignal()
    deps.engine.listen(app.state.commits.notify)
