"""How a page is made: its language, its words, its guard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import RedirectResponse, Response

from broker.contract.texts import pick
from broker.runtime.catalogue import catalogue
from controller.http.dependencies import dependencies_of
from controller.http.pages.assets import address
from controller.http.responses.headers import NO_STORE
from controller.http.responses.languages import LANGUAGE_COOKIE, language_of
from controller.http.security.authentication import caller_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from controller.services.accounts.accounts import Caller, Role

Words = Callable[..., str]
"""From a key, and values for its places, to words in one language."""

TEMPLATES: Final = Path(__file__).parent / "templates"
LANGUAGE_AGE_S: Final = 365 * 24 * 3600


@cache
def environment() -> Environment:
    """Read the templates; a name that a template uses and nobody gave is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    made.globals["asset"] = address
    return made


@dataclass(frozen=True, slots=True)
class Page:
    """A page for one caller: its language and the words in it."""

    request: Request
    lang: str

    @property
    def words(self) -> Words:
        """Return the function from a key to words in the page's language."""
        return lambda key, **values: catalogue("controller").say(key, self.lang, **values)

    def other_language(self) -> str:
        """Return the address of this page in the next language."""
        languages = catalogue("controller").languages
        other = languages[(languages.index(self.lang) + 1) % len(languages)]
        rest = [(key, value) for key, value in self.request.query_params.multi_items() if key != "lang"]
        return "?" + urlencode([*rest, ("lang", other)])

    def show(self, template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - what a template uses
        """Render the page; a language asked for in the address is kept for the next one."""
        text = environment().get_template(template).render(
            t=self.words, lang=self.lang, other=self.other_language(), pick=lambda text: pick(text, self.lang),
            centre=dependencies_of(self.request).centre(), **values,
        )  # fmt: skip
        answer = Response(text, status, NO_STORE, "text/html; charset=utf-8")
        if self.request.query_params.get("lang") == self.lang:
            answer.set_cookie(LANGUAGE_COOKIE, self.lang, max_age=LANGUAGE_AGE_S, samesite="lax", httponly=True)
        return answer


def page_of(request: Request) -> Page:
    """Return the page for a request."""
    return Page(request, language_of(request))


def caller_or_response(request: Request, role: Role) -> Caller | Response:
    """Return the caller when the role suffices, else what to answer: the way to sign in, or a refusal."""
    caller = caller_of(request)
    if caller is None:
        return RedirectResponse(f"/sign-in?next={quote(request.url.path, safe='')}", 303, NO_STORE)
    if not caller.role.covers(role):
        page = page_of(request)
        return page.show("message.html", 403, title=catalogue("broker").say("error.not_allowed", page.lang), hint="")
    return caller
