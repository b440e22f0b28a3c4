"""Authentication: the session of a bearer token or cookie, its role, and the CSRF check of changes by cookie.

A cookie is sent by browsers on their own, so a change that is asked for with a cookie needs more: it must not come
from another origin, and it must carry the session's CSRF token in a header that no foreign page can set.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from broker.contract.errors import Code
from controller.http.dependencies import dependencies_of
from controller.http.responses.problems import NO_SESSION, ProblemError
from controller.services.accounts.accounts import Caller, Role, same

SESSION_COOKIE: Final = "luot_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def session_token(request: Request) -> tuple[str | None, bool]:
    """Return the session token of a request, and whether it came by cookie."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip(), False
    return request.cookies.get(SESSION_COOKIE), True


def is_cross_origin(request: Request) -> bool:
    """Return whether a browser says that the request comes from a page of another origin."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    own = {request.headers.get("host"), urlsplit(dependencies_of(request).centre().card.public_url).netloc}
    return (urlsplit(origin).netloc or None) not in own - {None, ""}


def session_of(request: Request) -> tuple[Caller | None, bool]:
    """Return the caller or None, and whether a cookie authenticates; looked up once a call."""
    found: tuple[Caller | None, bool] | None = request.scope.get("luot.session")
    if found is None:
        token, by_cookie = session_token(request)
        found = (dependencies_of(request).accounts.who(token) if token else None, by_cookie)
        request.scope["luot.session"] = found
    return found


def caller_of(request: Request) -> Caller | None:
    """Return the caller of a request, or None; a change by cookie without its CSRF token is a ProblemError."""
    caller, by_cookie = session_of(request)
    if caller is None or not by_cookie or request.method in SAFE:
        return caller
    if is_cross_origin(request):
        raise ProblemError(Code.NOT_ALLOWED, "A page of another origin may not do this.")
    if not same(request.headers.get(CSRF_HEADER, ""), caller.csrf):
        raise ProblemError(Code.NOT_ALLOWED, f"A change with the session cookie needs its token in {CSRF_HEADER}.")
    return caller


def require_role(request: Request, role: Role) -> Caller:
    """Return the caller if it has at least this role; no session or a lower role is a ProblemError."""
    caller = caller_of(request)
    if caller is None:
        raise ProblemError(NO_SESSION, "Sign in first.", headers={"WWW-Authenticate": 'Bearer realm="luot"'})
    if not caller.role.covers(role):
        raise ProblemError(Code.NOT_ALLOWED, f"This needs the role {role.value}.")
    return caller
