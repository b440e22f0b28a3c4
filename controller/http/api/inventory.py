"""Devices and users: who and what may sign in, with credentials that are shown once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from broker.contract.ids import Slug
from broker.contract.payloads import Kind
from controller.http.answers import NO_STORE, Items, json_answer, problems
from controller.http.api.session import replays_of
from controller.http.dependencies import parts_of
from controller.http.keys import key_of
from controller.http.routes import asking, router_for
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


@router.get("/devices", tags=["devices"], response_model=Items[dict[str, Any]], responses=problems(401, 403))
async def devices(request: Request) -> Response:
    """Show every device, and whether it is there."""
    found = await parts_of(request).inventory.everything()
    return json_answer({"items": [dict(device) for device in found]})


@router.post(
    "/devices", tags=["devices"], status_code=201, response_model=DevicePassword, responses=problems(401, 403, 409, 503)
)
async def add_device(request: Request, body: NewDevice) -> Response:
    """Give a device its password, valid from now on."""

    async def work() -> Response:
        password = await parts_of(request).inventory.add(
            body.kind.value, body.id, body.model_extra or {}, officer=asking(request).user
        )
        return json_answer({"id": body.id, "password": password}, 201)

    return await replays_of(request).once(await key_of(request, asking(request).user), work)


@router.delete("/devices/{device}", tags=["devices"], status_code=204, responses=problems(401, 403, 404, 409, 503))
async def remove_device(request: Request, device: str) -> Response:
    """Take a device out of the centre."""
    await parts_of(request).inventory.remove(device, officer=asking(request).user)
    return Response(status_code=204, headers=NO_STORE)


@router.get("/users", tags=["users"], response_model=Items[KnownUser], responses=problems(401, 403))
async def users(request: Request) -> Response:
    """Show every user."""
    known = parts_of(request).accounts.everybody()
    return json_answer({"items": [{"user": one.user, "role": one.role.value} for one in known]})


@router.post("/users", tags=["users"], status_code=201, response_model=UserPassword, responses=problems(401, 403, 409))
async def add_user(request: Request, body: NewUser) -> Response:
    """Make a user."""

    async def work() -> Response:
        password = await parts_of(request).accounts.add(body.user, body.role, body.password)
        return json_answer({"user": body.user, "password": password}, 201)

    return await replays_of(request).once(await key_of(request, asking(request).user), work)


@router.delete("/users/{user}", tags=["users"], status_code=204, responses=problems(401, 403, 404, 409))
async def remove_user(request: Request, user: str) -> Response:
    """Take a user and its sessions away."""
    await parts_of(request).accounts.remove(user)
    return Response(status_code=204, headers=NO_STORE)
