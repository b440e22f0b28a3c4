"""JSON responses, and what the OpenAPI document says of those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response

from controller.http.responses.headers import NO_STORE

if TYPE_CHECKING:
    from broker.contract.payloads import Payload

T = TypeVar("T")


class ProblemBody(BaseModel):
    """A refusal: `title` is for people in the language they accept, `detail` for programmers."""

    type: str
    title: str
    status: int
    detail: str
    code: str


class Items(BaseModel, Generic[T]):
    """A list."""

    items: list[T]


_DESCRIPTIONS: Final = {
    400: "bad_request",
    401: "no session",
    403: "not_allowed",
    404: "not_found or unknown_service",
    406: "the form that `Accept` asks for is not made",
    409: "a conflict with how things stand: bad_state, nothing_waiting, centre_closed and so on",
    412: "`If-Match` names another version",
    428: "`If-Match` is missing",
    429: "too_many_tickets",
    503: "try_again: nothing was done",
}


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the failures of a call; 400 and 503 can happen to any."""
    schema = {"application/problem+json": {"schema": ProblemBody.model_json_schema()}}
    return {
        status: {"description": _DESCRIPTIONS[status], "content": schema} for status in sorted({400, 503, *statuses})
    }


def json_response(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:  # noqa: ANN401
    """Respond with JSON that no cache may keep; `content` is anything that JSON can hold."""
    return Response(to_json(content), status, {**NO_STORE, **(headers or {})}, "application/json")


def payload_response(payload: Payload, *, without: set[str] | None = None) -> Response:
    """Respond with a message of the contract."""
    return Response(payload.model_dump_json(exclude=without), headers=NO_STORE, media_type="application/json")


def items_response(payloads: list[Payload], *, without: set[str] | None = None) -> Response:
    """Respond with a list of messages of the contract."""
    inner = ",".join(payload.model_dump_json(exclude=without) for payload in payloads)
    return Response(f'{{"items":[{inner}]}}', headers=NO_STORE, media_type="application/json")
