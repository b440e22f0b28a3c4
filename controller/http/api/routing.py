"""Routers of two kinds: open to anyone, and for a role and those above it.

The caller is authenticated before the body is read, so that nobody learns anything from its faults, and once a call.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from typing_extensions import override

from broker.contract.errors import Code
from controller.domain.centre.storable import unstorable
from controller.http.responses.problems import ProblemError
from controller.http.security.authentication import SAFE, require_role
from controller.services.accounts.accounts import Caller, Role

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from starlette.responses import Response

IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    "description": "Any text of the caller's; a repeat of the call with the same key gets the first answer.",
}
UNSTORABLE: Final = "a text may hold no control character but tab and line ends, and no half of a surrogate pair."
SECURITY: Final[list[dict[str, list[str]]]] = [{"bearer": []}, {"cookie": []}]


class OpenRoute(APIRoute):
    """A call that anyone may make; every POST is described with its `Idempotency-Key`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the arguments of FastAPI's own route
        extra: dict[str, Any] = dict(kwargs.pop("openapi_extra", None) or {})
        if "POST" in (kwargs.get("methods") or ()):
            extra["parameters"] = [*extra.get("parameters", ()), IDEMPOTENCY_KEY]
        super().__init__(*args, openapi_extra=extra, **kwargs)

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check the texts of a body before anything reads it."""
        handle = super().get_route_handler()

        async def check(request: Request) -> Response:
            if request.method not in SAFE:
                refuse_unstorable(await request.body())
            return await handle(request)

        return check


def refuse_unstorable(body: bytes) -> None:
    """Refuse JSON with a text that may not be stored; such a character can be written as an escape only."""
    if b"\\u" not in body and b"\x00" not in body:  # the latter: UTF-16 and UTF-32, whose escapes look different
        return
    try:
        places = unstorable(json.loads(body))
    except (ValueError, RecursionError):
        return  # no JSON, or none that is read: whoever reads it says so
    if places:
        raise ProblemError(Code.BAD_REQUEST, f"{', '.join(place or 'body' for place in places)}: {UNSTORABLE}")


def guarded(role: Role) -> type[APIRoute]:
    """Return the class of route that only a role and those above it may call."""

    class GuardedRoute(OpenRoute):
        """Authenticates before the call is read."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the arguments of FastAPI's own route
            extra = dict(kwargs.pop("openapi_extra", None) or {})
            super().__init__(*args, openapi_extra={"security": SECURITY, "x-role": role.value, **extra}, **kwargs)

        @override
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def guard(request: Request) -> Response:
                request.scope["luot.caller"] = require_role(request, role)
                return await handle(request)

            return guard

    return GuardedRoute


def open_router(*tags: str, prefix: str = "") -> APIRouter:
    """Make a router whose calls anyone may make."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=OpenRoute)


def router_for(role: Role, *tags: str, prefix: str = "") -> APIRouter:
    """Make a router whose calls need a role."""
    return APIRouter(prefix=prefix, tags=list(tags), route_class=guarded(role))


def current_caller(request: Request) -> Caller:
    """Return the caller, within a route that needs a role."""
    return cast("Caller", request.scope["luot.caller"])
