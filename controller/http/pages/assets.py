"""The files of the pages over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.pages.files import asset
from controller.http.problems import Problem

router = APIRouter()


@router.get("/assets/{name}")
async def read(request: Request, name: str) -> Response:
    """Give a file; one that is asked for by its mark may be kept for ever."""
    found = asset(name)
    if found is None:
        raise Problem(Code.NOT_FOUND, f"There is no file {name[:64]!r}.")
    tag = f'"{found.mark}"'
    kept = "public, max-age=31536000, immutable" if request.query_params.get("v") == found.mark else "no-cache"
    headers = {"ETag": tag, "Cache-Control": kept}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media_type)


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Give the icon of the tab: a ticket in the theme's colours."""
    found = asset("icon.svg")
    return Response(
        found.content if found else b"", headers={"Cache-Control": "max-age=86400"}, media_type="image/svg+xml"
    )
