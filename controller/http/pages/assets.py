"""Styles, scripts and fonts of the pages: read once, named by their content, so that a browser keeps them for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from broker.contract.errors import Code
from broker.runtime.theme import WEIGHTS, load_theme
from controller.http.responses.problems import ProblemError

router = APIRouter()

STATIC: Final = Path(__file__).parent / "static"
CSS: Final = "text/css; charset=utf-8"
MEDIA_TYPES: Final = {".css": CSS, ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
FONT_WEIGHTS: Final = {"regular": 400, "strong": 600, "heavy": 800}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent; `mark` changes with its content."""

    content: bytes
    media_type: str
    mark: str


def _asset(content: bytes, media_type: str) -> Asset:
    return Asset(content, media_type, hashlib.sha256(content).hexdigest()[:16])


def _theme_css() -> bytes:
    return f":root{{{load_theme().css()}}}\n".encode()


def _fonts_css() -> bytes:
    faces = (
        f"@font-face{{font-family:'{load_theme().font['family']}';font-weight:{FONT_WEIGHTS[weight]};"
        f"font-display:swap;src:url('{address(f'{weight}.ttf')}') format('truetype')}}\n"
        for weight in WEIGHTS
    )
    return "".join(faces).encode()


@cache
def asset(name: str) -> Asset | None:
    """Return a file by its name, or None when the pages have none of this name."""
    if name == "theme.css":
        return _asset(_theme_css(), CSS)
    if name == "fonts.css":
        return _asset(_fonts_css(), CSS)
    if name in {f"{weight}.ttf" for weight in WEIGHTS}:
        return _asset(load_theme().font_file(name.removesuffix(".ttf")).read_bytes(), "font/ttf")
    if name in {path.name for path in STATIC.iterdir()}:
        return _asset((STATIC / name).read_bytes(), MEDIA_TYPES[Path(name).suffix])
    return None


def address(name: str) -> str:
    """Return the address of a file, with its mark; an unknown name is a KeyError."""
    found = asset(name)
    if found is None:
        raise KeyError(f"the pages have no file {name}")
    return f"/assets/{name}?v={found.mark}"


@router.get("/assets/{name}")
async def read_asset(request: Request, name: str) -> Response:
    """Return a file; one that is asked for by its mark may be kept for ever."""
    found = asset(name)
    if found is None:
        raise ProblemError(Code.NOT_FOUND, f"There is no file {name[:64]!r}.")
    tag = f'"{found.mark}"'
    kept = "public, max-age=31536000, immutable" if request.query_params.get("v") == found.mark else "no-cache"
    headers = {"ETag": tag, "Cache-Control": kept}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers=headers, media_type=found.media_type)


@router.get("/favicon.ico")
async def favicon() -> Response:
    """Return the icon of the tab: a ticket in the theme's colours."""
    found = asset("icon.svg")
    return Response(
        found.content if found else b"", headers={"Cache-Control": "max-age=86400"}, media_type="image/svg+xml"
    )
