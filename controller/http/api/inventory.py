"""Devices and users: who and what may sign in, with credentials that are shown once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from broker.contract.ids import Slug
from broker.contract.payloads import Kind
from controller.http.api.idempotency import idempotency_key
from controller.http.api.routing import current_caller, router_for
from controller.http.api.session import secret_responses
from controller.http.dependencies import dependencies_of
from controller.http.responses.headers import NO_STORE
from controller.http.responses.json_responses import Items, json_response, problem_responses
from controller.services.accounts.accounts import Role

router = router_for(Role.ADMINISTRATOR)

UserName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")]


class NewDevice(BaseModel):
    """A device: one that is known gets a new password, one that is new enters the configuration with these keys."""

    model_config = ConfigDict(extra="allow")

    kind: Kind
    id: Slug


class DevicePassword(BaseModel):
    """Shown once."""

    id: str
    password: str


class NewUser(BaseModel):
    """A user; one that is known gets this role and a new password, and its sessions end."""

    user: UserName
    role: Role
    password: str | None = Field(default=None, min_length=6, max_length=256)


class UserPassword(BaseModel):
    """Shown once."""

    user: str
    password: str


class KnownUser(BaseModel):
    """A user, without anything secret."""

    user: str
    role: Role


@router.get("/devices", tags=["devices"], response_model=Items[dict[str, Any]], responses=problem_responses(401, 403))
async def devices(request: Request) -> Response:
    """Show every device, and whether it is there."""
    found = await dependencies_of(request).inventory.everything()
    return json_response({"items": [dict(device) for device in found]})


@router.post(
    "/devices",
    tags=["devices"],
    status_code=201,
    response_model=DevicePassword,
    responses=problem_responses(401, 403, 409, 503),
)
async def add_device(request: Request, body: NewDevice) -> Response:
    """Give a device its password, valid from now on."""

    async def work() -> Response:
        password = await dependencies_of(request).inventory.add(
            body.kind.value, body.id, body.model_extra or {}, officer=current_caller(request).user
        )
        return json_response({"id": body.id, "password": password}, 201)

    return await secret_responses(request).once(await idempotency_key(request, current_caller(request).user), work)


@router.delete(
    "/devices/{device}", tags=["devices"], status_code=204, responses=problem_responses(401, 403, 404, 409, 503)
)
async def remove_device(request: Request, device: str) -> Response:
    """Take a device out of the centre."""
    await dependencies_of(request).inventory.remove(device, officer=current_caller(request).user)
    return Response(status_code=204, headers=NO_STORE)


@router.get("/users", tags=["users"], response_model=Items[KnownUser], responses=problem_responses(401, 403))
async def users(request: Request) -> Response:
    """Show every user."""
    known = dependencies_of(request).accounts.everybody()
    return json_response({"items": [{"user": one.user, "role": one.role.value} for one in known]})


@router.post(
    "/users", tags=["users"], status_code=201, response_model=UserPassword, responses=problem_responses(401, 403, 409)
)
async def add_user(request: Request, body: NewUser) -> Response:
    """Make a user."""

    async def work() -> Response:
        password = await dependencies_of(request).accounts.add(body.user, body.role, body.password)
        return json_response({"user": body.user, "password": password}, 201)

    return await secret_responses(request).once(await idempotency_key(request, current_caller(request).user), work)


@router.delete("/users/{user}", tags=["users"], status_code=204, responses=problem_responses(401, 403, 404, 409))
async def remove_user(request: Request, user: str) -> Response:
    """Take a user and its sessions away."""
    await dependencies_of(request).accounts.remove(user)
    return Response(status_code=204, headers=NO_STORE)
