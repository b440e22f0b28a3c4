"""Whether the controller lives, whether it can issue a ticket, and its figures for Prometheus."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from broker.contract.errors import Code
from controller.http.answers import NO_STORE, json_answer, problems
from controller.http.dependencies import parts_of
from controller.http.problems import Problem
from controller.http.routes import open_router

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

router = open_router("health")
monitoring = open_router("health")


class Alive(BaseModel):
    """The controller answers."""

    status: str
    version: str


@router.get("/health", response_model=Alive)
async def health(request: Request) -> Response:
    """Tell that the controller is alive."""
    return json_answer({"status": "alive", "version": parts_of(request).version})


@router.get("/ready", response_model=Alive, responses=problems())
async def ready(request: Request) -> Response:
    """Tell whether a ticket can be issued: the store can be written and the broker is linked."""
    parts = parts_of(request)
    lacking = await parts.ready()
    if lacking:
        raise Problem(Code.TRY_AGAIN, " ".join(lacking), headers={"Retry-After": "2"})
    return json_answer({"status": "ready", "version": parts.version})


def is_within(host: str | None, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Tell whether an address lies in one of the networks; what is no address does not."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)


@monitoring.get("/metrics", response_class=Response, responses=problems(403))
async def metrics(request: Request) -> Response:
    """Give the figures for Prometheus to the monitoring network; never through a proxy, which hides who asks."""
    parts = parts_of(request)
    by_proxy = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
    if by_proxy or not is_within(request.client.host if request.client else None, parts.monitoring):
        raise Problem(Code.NOT_ALLOWED, "Only the monitoring network may read the metrics.")
    content, media_type = parts.metrics()
    return Response(content, headers=NO_STORE, media_type=media_type)
