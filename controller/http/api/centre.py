"""The whole configuration of the centre, version by version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Body, Header, Request
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.api.routing import current_caller, router_for
from controller.http.dependencies import dependencies_of
from controller.http.responses.json_responses import json_response, problem_responses
from controller.http.responses.problems import ProblemError
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from controller.services.journal.ports import Version

router = router_for(Role.ADMINISTRATOR, "centre", prefix="/centre")


def _answer(version: Version) -> Response:
    return json_response(version.data, headers={"ETag": f'"{version.version}"'})


@router.get("", response_model=dict[str, Any], responses=problem_responses(401, 403))
async def read(request: Request) -> Response:
    """Show the configuration in force; `ETag` is its version."""
    return _answer(dependencies_of(request).configuration.current())


@router.put("", response_model=dict[str, Any], responses=problem_responses(401, 403, 409, 412, 428))
async def replace(
    request: Request,
    data: Annotated[dict[str, Any], Body()],
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> Response:
    """Put another configuration in force; a faulty one is refused with every fault and its place."""
    configuration = dependencies_of(request).configuration
    expected = configuration.current().version
    if if_match is None:
        raise ProblemError(Code.BAD_REQUEST, "PUT needs If-Match with the version that was read.", status=428)
    if not _matches(if_match, expected):
        raise ProblemError(Code.BAD_STATE, f'The configuration in force is version "{expected}".', status=412)
    return _answer(await configuration.publish(data, expected=expected, officer=current_caller(request).user))


def _matches(if_match: str, version: int) -> bool:
    tags = [tag.strip() for tag in if_match.split(",")]
    return "*" in tags or f'"{version}"' in tags
