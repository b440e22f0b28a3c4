"""Whether the controller lives, whether it can issue a ticket, and its figures for Prometheus."""

from __future__ import annotations

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.api.routing import open_router
from controller.http.dependencies import dependencies_of
from controller.http.responses.headers import NO_STORE
from controller.http.responses.json_responses import json_response, problem_responses
from controller.http.responses.problems import ProblemError
from controller.http.server.networks import is_within

router = open_router("health")
monitoring = open_router("health")


class Alive(BaseModel):
    """The controller answers."""

    status: str
    version: str


@router.get("/health", response_model=Alive)
async def health(request: Request) -> Response:
    """Tell that the controller is alive."""
    return json_response({"status": "alive", "version": dependencies_of(request).version})


@router.get("/ready", response_model=Alive, responses=problem_responses())
async def ready(request: Request) -> Response:
    """Tell whether a ticket can be issued: the store can be written and the broker is linked."""
    deps = dependencies_of(request)
    lacking = await deps.ready()
    if lacking:
        raise ProblemError(Code.TRY_AGAIN, " ".join(lacking), headers={"Retry-After": "2"})
    return json_response({"status": "ready", "version": deps.version})


@monitoring.get("/metrics", response_class=Response, responses=problem_responses(403))
async def metrics(request: Request) -> Response:
    """Give the figures for Prometheus to the monitoring network; never through a proxy, which hides who asks."""
    deps = dependencies_of(request)
    by_proxy = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
    if by_proxy or not is_within(request.client.host if request.client else None, deps.monitoring):
        raise ProblemError(Code.NOT_ALLOWED, "Only the monitoring network may read the metrics.")
    content, media_type = deps.metrics()
    return Response(content, headers=NO_STORE, media_type=media_type)
