"""Security middleware: the headers of every response, and the largest body of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from broker.contract.errors import Code
from controller.http.responses.headers import HEADERS
from controller.http.responses.problems import ProblemError, problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY: Final = 4 * 1024 * 1024
"""A whole configuration is the largest thing that anyone sends."""


class SecurityMiddleware:
    """Adds the security headers to every HTTP response, and limits the body of every call."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a call on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *HEADERS]
            await send(message)

        length = next((value for name, value in scope["headers"] if name == b"content-length"), None)
        if length is None:
            await self._app(scope, limit_body(receive, LARGEST_BODY), with_headers)
        elif length.isdigit() and int(length) <= LARGEST_BODY:
            await self._app(scope, receive, with_headers)
        else:
            await problem_response(Request(scope), too_large(LARGEST_BODY))(scope, receive, with_headers)


def too_large(most: int) -> ProblemError:
    """Return the refusal of a body that has more bytes than its sender may send."""
    return ProblemError(Code.BAD_REQUEST, f"A body has at most {most} bytes.", status=413)


def limit_body(receive: Receive, most: int) -> Receive:
    """Count a body as it comes, and stop one that grows too large: its length may be untold or a lie."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413, too_large(most).detail)
        return message

    return counted
