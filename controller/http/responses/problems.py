"""Refusals as `application/problem+json`: the code of the contract, a title for people, a detail for programmers."""

from __future__ import annotations

import json
import traceback
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from broker.contract.errors import Code, RefusedError
from broker.runtime.catalogue import catalogue
from controller.domain.centre.check import CentreFaults
from controller.http.dependencies import dependencies_of
from controller.http.responses.clock_notice import clock_notice
from controller.http.responses.headers import HEADERS
from controller.http.responses.languages import language_of
from controller.services.accounts.login_throttle import LoginThrottledError
from controller.services.journal.ports import StoreError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

    from controller.services.engine.clock_guard import ClockGuard

log = structlog.get_logger()

MEDIA_TYPE: Final = "application/problem+json"
NO_SESSION: Final = "no_session"
INTERNAL: Final = "internal"

STATUS: Final[dict[str, int]] = {
    Code.BAD_REQUEST: 400,
    NO_SESSION: 401,
    Code.NOT_ALLOWED: 403,
    Code.NOT_FOUND: 404,
    Code.UNKNOWN_SERVICE: 404,
    Code.TOO_MANY_TICKETS: 429,
    INTERNAL: 500,
    Code.TRY_AGAIN: 503,
}
"""What is not listed is a conflict with how things stand: 409."""

_CODE_OF_STATUS: Final[dict[int, str]] = {
    401: NO_SESSION,
    403: Code.NOT_ALLOWED,
    404: Code.NOT_FOUND,
    405: "bad_request",
}


class ProblemError(Exception):
    """An answer other than the one asked for.

    `status` overrides the one of the code, `clock` its title: a held one is the reason.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        status: int | None = None,
        headers: dict[str, str] | None = None,
        more: dict[str, Any] | None = None,
        clock: ClockGuard | None = None,
    ) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status or STATUS.get(code, 409)
        self.headers = headers or {}
        self.more = more or {}
        self.clock = clock


def title(code: str, lang: str) -> str:
    """Return the words for people of a code."""
    if code in (NO_SESSION, INTERNAL):
        return catalogue("controller").say(f"problem.{code}", lang)
    return catalogue("broker").say(f"error.{code}", lang)


def _said_of(clock: ClockGuard | None, lang: str) -> str:
    return (
        ""
        if clock is None or clock.held is None
        else clock_notice(clock, partial(catalogue("controller").say, lang=lang))
    )


def problem_response(request: Request, problem: ProblemError) -> Response:
    """Write a problem as the answer to a request."""
    lang = language_of(request)
    body = {
        "type": f"urn:luot:problem:{problem.code}",
        "title": _said_of(problem.clock, lang) or title(problem.code, lang),
        "status": problem.status,
        "detail": problem.detail or title(problem.code, "en"),
        "code": str(problem.code),
        **problem.more,
    }
    headers = {"Content-Language": lang, "Cache-Control": "no-store", **problem.headers}
    if problem.code == INTERNAL:  # answered outside of the middleware
        headers |= {name.decode(): value.decode() for name, value in HEADERS}
    return Response(json.dumps(body, ensure_ascii=False), problem.status, headers, MEDIA_TYPE)


def _place(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location if part != "body") or "body"


def _from_validation(error: RequestValidationError) -> ProblemError:
    faults = [{"place": _place(fault["loc"]), "message": str(fault["msg"])} for fault in error.errors()]
    first = "; ".join(f"{fault['place']}: {fault['message']}" for fault in faults[:5])
    return ProblemError(Code.BAD_REQUEST, first, more={"errors": faults})


def _from_http(error: HTTPException) -> ProblemError:
    code = _CODE_OF_STATUS.get(error.status_code, Code.BAD_REQUEST)
    phrase = HTTPStatus(error.status_code).phrase
    return ProblemError(code, str(error.detail or phrase), status=error.status_code, headers=dict(error.headers or {}))


def _from_refusal(error: RefusedError, request: Request) -> ProblemError:
    if isinstance(error, LoginThrottledError):
        return ProblemError(error.code, error.detail, headers={"Retry-After": str(int(error.seconds) + 1)})
    if error.code is not Code.TRY_AGAIN:
        return ProblemError(error.code, error.detail)
    # The words are for staff: whoever has a slip only is asked to try again.
    clock = dependencies_of(request).engine.guard if "luot.caller" in request.scope else None
    return ProblemError(error.code, error.detail, headers={"Retry-After": "1"}, clock=clock)


def _from_faults(error: CentreFaults) -> ProblemError:
    faults = [{"place": fault.place, "message": fault.message} for fault in error.faults]
    first = "; ".join(f"{fault['place']}: {fault['message']}" for fault in faults[:5])
    return ProblemError(Code.BAD_REQUEST, first, more={"errors": faults})


def _from_anything(error: Exception, request: Request) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, CentreFaults):
        return _from_faults(error)
    if isinstance(error, RefusedError):
        return _from_refusal(error, request)
    if isinstance(error, StoreError):
        log.error("store_down", detail=str(error))
        return ProblemError(
            Code.TRY_AGAIN, "The store is not available; nothing was done.", headers={"Retry-After": "2"}
        )
    if isinstance(error, RequestValidationError):
        return _from_validation(error)
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, ClientDisconnect):  # nobody reads this answer, and the log is not for strangers to fill
        return ProblemError(Code.BAD_REQUEST, "The body did not come.")
    # Written out here, because a log that shows the values of variables would show tokens and passwords.
    stack = "".join(traceback.format_exception(error))
    log.error("http_call_failed", method=request.method, route=_route(request), traceback=stack)
    return ProblemError(INTERNAL, "The call failed through a fault of the program; it stands in the log.")


def _route(request: Request) -> str:
    """Name the route without its values: a path may hold a ticket's token."""
    return str(getattr(request.scope.get("route"), "path", "unknown"))


def register(app: FastAPI) -> None:
    """Have every failure of the app answered as a problem."""

    async def handle(request: Request, error: Exception) -> Response:
        return problem_response(request, _from_anything(error, request))

    for kind in (
        ProblemError,
        RefusedError,
        CentreFaults,
        StoreError,
        RequestValidationError,
        HTTPException,
        ClientDisconnect,
        Exception,
    ):
        app.add_exception_handler(kind, handle)
