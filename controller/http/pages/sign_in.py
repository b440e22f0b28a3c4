"""The first page, and signing in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from controller.http.answers import NO_STORE
from controller.http.pages.page import page_of

router = APIRouter()


@router.get("/")
async def first() -> Response:
    """Lead to the desk."""
    return RedirectResponse("/desk", 303, NO_STORE)


def own_path(asked: str) -> str:
    """Give where to go after signing in: a path of this server, never another's address."""
    fine = asked.startswith("/") and not asked.startswith(("//", "/\\")) and asked.isprintable()
    return asked if fine else "/desk"


@router.get("/sign-in")
async def sign_in(request: Request) -> Response:
    """Show the form."""
    page = page_of(request)
    return page.show("sign_in.html", next=own_path(request.query_params.get("next", "/desk")))
