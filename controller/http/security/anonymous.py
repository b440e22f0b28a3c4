"""Limits for calls without a session: a budget per address, and a small body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from starlette.requests import Request

from broker.contract.errors import Code
from controller.http.dependencies import dependencies_of
from controller.http.responses.problems import ProblemError, problem_response
from controller.http.security.authentication import session_of
from controller.http.security.middleware import limit_body, too_large
from controller.services.accounts.budget import source_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from controller.http.server.connections import Connection

log = structlog.get_logger()

LARGEST_BODY: Final = 64 * 1024
"""Bytes that somebody without a session may send: a rating or a sign-in is the largest."""


class AnonymousMiddleware:
    """Authenticates each call once, and applies the limits to those without a session."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        signed_in = session_of(request)[0] is not None
        connection: Connection | None = scope.get("luot.connection")
        if connection is not None:
            connection.set_signed_in(signed_in)
        if signed_in:
            await self._app(scope, receive, send)
            return
        self._warn_of_proxy(request, connection)
        problem = _refusal(request)
        if problem is not None:
            await problem_response(request, problem)(scope, receive, send)
            return
        await self._app(scope, limit_body(receive, LARGEST_BODY), send)

    def _warn_of_proxy(self, request: Request, connection: Connection | None) -> None:
        """Say once that a proxy is not trusted: all who come through it share one budget."""
        if self._warned or connection is None or "x-forwarded-for" not in request.headers:
            return
        if request.scope["client"] == connection.client:
            self._warned = True
            log.warning("proxy_not_trusted", setting="LUOT_PROXIES", address=connection.source)


def _refusal(request: Request) -> ProblemError | None:
    deps = dependencies_of(request)
    wait = deps.budget.spend(source_of(request.client.host if request.client else None))
    if wait > 0:
        deps.strangers["rate"] += 1
        return ProblemError(
            Code.TRY_AGAIN, "Too many calls from this address; nothing was done.",
            headers={"Retry-After": str(int(wait) + 1)},
        )  # fmt: skip
    length = request.headers.get("content-length", "0")
    return None if length.isdigit() and int(length) <= LARGEST_BODY else too_large(LARGEST_BODY)
