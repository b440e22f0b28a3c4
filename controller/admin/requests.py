"""The fields of admin requests; a request that does not fit is refused before anything is done."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from broker.contract.errors import Code, RefusedError
from controller.domain.centre.storable import unstorable

Name = Annotated[str, Field(min_length=1, max_length=64)]


class DeviceRequest(BaseModel):
    """A request about one device."""

    id: Annotated[str, Field(max_length=64)]


class AddDeviceRequest(DeviceRequest):
    """Add a device, or give a known one a new password."""

    kind: Name
    keys: dict[str, Any]


class OrderDeviceRequest(DeviceRequest):
    """Send a device a command."""

    op: Literal["identify", "restart"]


class SetPinRequest(DeviceRequest):
    """Set or remove the PIN of a kiosk."""

    hash: Annotated[str, Field(max_length=256)] | None


class UserRequest(BaseModel):
    """A request about one user."""

    user: Name


class AddUserRequest(UserRequest):
    """Add a user, or change a known one."""

    role: Name
    password: Annotated[str, Field(max_length=256)] | None


class ImportCentreRequest(BaseModel):
    """Publish a configuration."""

    data: dict[str, Any]


class ImportProceduresRequest(BaseModel):
    """Replace the list of procedures."""

    text: str


FIELDS: dict[str, type[BaseModel]] = {
    "device.add": AddDeviceRequest,
    "device.remove": DeviceRequest,
    "device.order": OrderDeviceRequest,
    "device.pin": SetPinRequest,
    "user.add": AddUserRequest,
    "user.remove": UserRequest,
    "centre.import": ImportCentreRequest,
    "procedures.import": ImportProceduresRequest,
}
"""By task; one that is not here has no fields."""


def check_fields(task: str, asked: dict[str, Any]) -> None:
    """Refuse a request whose fields are missing, of another type, too long, or hold what may not be stored."""
    # A configuration is checked as such, with the place of every fault.
    places = [] if task == "centre.import" else unstorable(asked)
    if places:
        raise RefusedError(Code.BAD_REQUEST, f"{', '.join(places)}: a text holds a character that cannot be stored")
    fields = FIELDS.get(task)
    if fields is None:
        return
    try:
        fields.model_validate(asked)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:3])
        raise RefusedError(Code.BAD_REQUEST, faults) from error
