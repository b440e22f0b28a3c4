"""Who is asking: the session behind a bearer token or a cookie, its role, and the guard against forged requests.

A cookie is sent by browsers on their own, so a change that is asked for with a cookie needs more: it must not come
from another origin, and it must carry the session's CSRF token in a header that no foreign page can set.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from broker.contract.errors import Code
from controller.http.dependencies import parts_of
from controller.http.problems import NO_SESSION, Problem
from controller.services.accounts.accounts import Caller, Role, same

COOKIE: Final = "luot_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def token_of(request: Request) -> tuple[str | None, bool]:
    """Give the session token that came with a request, and whether it came by cookie."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value:
        return value.strip(), False
    return request.cookies.get(COOKIE), True


def is_foreign(request: Request) -> bool:
    """Tell whether a browser says that the request comes from a page of another origin."""
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    own = {request.headers.get("host"), urlsplit(parts_of(request).centre().card.public_url).netloc}
    return (urlsplit(origin).netloc or None) not in own - {None, ""}


def session_of(request: Request) -> tuple[Caller | None, bool]:
    """Return who is asking, or None, and whether a cookie says so; it is found out once a call."""
    found: tuple[Caller | None, bool] | None = request.scope.get("luot.session")
    if found is None:
        token, by_cookie = token_of(request)
        found = (parts_of(request).accounts.who(token) if token else None, by_cookie)
        request.scope["luot.session"] = found
    return found


def caller_of(request: Request) -> Caller | None:
    """Give the caller behind a request, or None; a change asked for by cookie without its guard is a Problem."""
    caller, by_cookie = session_of(request)
    if caller is None or not by_cookie or request.method in SAFE:
        return caller
    if is_foreign(request):
        raise Problem(Code.NOT_ALLOWED, "A page of another origin may not do this.")
    if not same(request.headers.get(CSRF_HEADER, ""), caller.csrf):
        raise Problem(Code.NOT_ALLOWED, f"A change with the session cookie needs its token in {CSRF_HEADER}.")
    return caller


def require(request: Request, role: Role) -> Caller:
    """Give the caller if it has at least this role; a stranger or a lower role is a Problem."""
    caller = caller_of(request)
    if caller is None:
        raise Problem(NO_SESSION, "Sign in first.", headers={"WWW-Authenticate": 'Bearer realm="luot"'})
    if not caller.role.covers(role):
        raise Problem(Code.NOT_ALLOWED, f"This needs the role {role.value}.")
    return caller
