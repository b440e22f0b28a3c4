"""The first page, and signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from broker.contract.errors import Code, RefusedError
from controller.http.api.session import Credentials, set_session_cookie, start_session
from controller.http.pages.page import page_of
from controller.http.pages.ticket import read_form
from controller.http.responses.headers import NO_STORE
from controller.http.responses.problems import STATUS, ProblemError, title
from controller.http.security.authentication import is_cross_origin

if TYPE_CHECKING:
    from controller.http.pages.page import Page

router = APIRouter()


@router.get("/")
async def first() -> Response:
    """Lead to the desk."""
    return RedirectResponse("/desk", 303, NO_STORE)


def own_path(asked: str) -> str:
    """Return where to go after signing in: a path of this server, never another's address."""
    fine = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if fine else "/desk"


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Show the form."""
    page = page_of(request)
    return page.show("sign_in.html", next=own_path(request.query_params.get("next", "/desk")), fault=None)


@router.post("/sign-in")
async def sign_in_by_form(request: Request) -> Response:
    """Take the form of a browser without script: sets the cookie and leads on, or shows the form with what is wrong."""
    page = page_of(request)
    form = {name: values[0] for name, values in read_form(await request.body()).items()}
    following = own_path(form.get("next", "/desk"))
    if is_cross_origin(request):
        return _again(page, following, Code.NOT_ALLOWED)
    try:
        credentials = Credentials(user=form.get("user", ""), password=form.get("password", ""))
        token, _, _ = await start_session(request, credentials)
    except (ProblemError, ValidationError):
        return page.show("sign_in.html", 401, next=following, fault=page.words("sign_in.wrong"))
    except RefusedError as refused:
        return _again(page, following, refused.code)
    return set_session_cookie(request, RedirectResponse(following, 303, NO_STORE), token)


def _again(page: Page, following: str, code: Code) -> Response:
    return page.show("sign_in.html", STATUS.get(code, 409), next=following, fault=title(code, page.lang))
