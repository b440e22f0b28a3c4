"""Signing in and out: a cookie for browsers, the same token for programs."""

from __future__ import annotations

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.api.idempotency import SecretResponses, idempotency_key
from controller.http.api.routing import open_router, router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.headers import NO_STORE
from controller.http.responses.json_responses import json_response, problem_responses
from controller.http.responses.problems import NO_SESSION, ProblemError
from controller.http.security.authentication import SESSION_COOKIE, is_cross_origin, session_token
from controller.services.accounts.accounts import SESSION_MS, Caller, Role, Session
from controller.services.accounts.budget import source_of

router = open_router("session")
signed_in = router_for(Role.OFFICER, "session")


class Credentials(BaseModel):
    """A name and its password."""

    user: str = Field(min_length=1, max_length=64)
    password: str = Field(min_length=1, max_length=256)


class SignedIn(BaseModel):
    """A session: `token` for programs, `csrf` for pages, which send it back with each change."""

    token: str
    csrf: str
    user: str
    role: str


def secret_responses(request: Request) -> SecretResponses:
    """Return the cache of first responses that hold a secret."""
    responses: SecretResponses = request.app.state.secret_responses
    return responses


@router.post("/session", response_model=SignedIn, responses=problem_responses(401, 403))
async def sign_in(request: Request, body: Credentials) -> Response:
    """Sign in: sets an HttpOnly cookie and gives the token for `Authorization: Bearer`."""
    if is_cross_origin(request):
        raise ProblemError(Code.NOT_ALLOWED, "A page of another origin may not do this.")
    whole = await idempotency_key(request, f"sign-in {body.user}")
    return await secret_responses(request).once(whole, lambda: _sign_in(request, body))


async def _sign_in(request: Request, body: Credentials) -> Response:
    token, session, caller = await start_session(request, body)
    answer = json_response({"token": token, "csrf": session.csrf, "user": caller.user, "role": caller.role.value})
    return set_session_cookie(request, answer, token)


async def start_session(request: Request, body: Credentials) -> tuple[str, Session, Caller]:
    """Return a new session with its token and whose it is; `no_session` when name and password do not fit."""
    accounts = dependencies_of(request).accounts
    source = source_of(request.client.host if request.client else None)
    begun = await accounts.sign_in(body.user, body.password, source)
    caller = accounts.who(begun[0]) if begun else None
    if begun is None or caller is None:
        raise ProblemError(NO_SESSION, "User and password do not fit.")
    return *begun, caller


def set_session_cookie(request: Request, answer: Response, token: str) -> Response:
    """Return an answer that sets the session's cookie."""
    answer.set_cookie(
        SESSION_COOKIE, token, max_age=SESSION_MS // 1000, httponly=True, samesite="strict", secure=_secure(request)
    )
    return answer


@signed_in.delete("/session", status_code=204, responses=problem_responses(401, 403))
async def sign_out(request: Request) -> Response:
    """End the session that this call comes with."""
    token, _ = session_token(request)
    await dependencies_of(request).accounts.sign_out(token or "")
    answer = Response(status_code=204, headers=NO_STORE)
    answer.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return answer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
