"""Signing in and out: a cookie for browsers, the same token for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.answers import NO_STORE, json_answer, problems
from controller.http.callers import COOKIE, Officer, is_foreign, token_of
from controller.http.keys import IdempotencyKey, Replays, key_of
from controller.http.parts import parts_of
from controller.http.problems import NO_SESSION, Problem
from controller.services.accounts import SESSION_MS

router = APIRouter(tags=["session"])


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


def replays_of(request: Request) -> Replays:
    """Give the memory of first answers that hold a secret."""
    replays: Replays = request.app.state.replays
    return replays


@router.post("/session", response_model=SignedIn, responses=problems(401, 403))
async def sign_in(request: Request, body: Credentials, key: IdempotencyKey = None) -> Response:
    """Sign in: sets an HttpOnly cookie and gives the token for `Authorization: Bearer`."""
    if is_foreign(request):
        raise Problem(Code.NOT_ALLOWED, "A page of another origin may not do this.")
    whole = await key_of(request, f"sign-in {body.user}", key)
    return await replays_of(request).once(whole, lambda: _sign_in(request, body))


async def _sign_in(request: Request, body: Credentials) -> Response:
    accounts = parts_of(request).accounts
    source = request.client.host if request.client else "unknown"
    signed_in = await accounts.sign_in(body.user, body.password, source)
    caller = accounts.who(signed_in[0]) if signed_in else None
    if signed_in is None or caller is None:
        raise Problem(NO_SESSION, "User and password do not fit.")
    token, session = signed_in
    answer = json_answer({"token": token, "csrf": session.csrf, "user": caller.user, "role": caller.role.value})
    answer.set_cookie(
        COOKIE, token, max_age=SESSION_MS // 1000, httponly=True, samesite="strict", secure=_secure(request)
    )
    return answer


@router.delete("/session", status_code=204, responses=problems(401, 403))
async def sign_out(request: Request, caller: Officer) -> Response:
    """End the session that this call comes with."""
    del caller
    token, _ = token_of(request)
    await parts_of(request).accounts.sign_out(token or "")
    answer = Response(status_code=204, headers=NO_STORE)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=_secure(request))
    return answer


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
