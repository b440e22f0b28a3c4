"""The fields of admin requests; a request that does not fit is refused before anything is done."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationError

from broker.contract.errors import Code, RefusedError
from controller.domain.centre.storable import unstorable

Name = Annotated[str, Field(min_length=1, max_length=64)]


class _Device(BaseModel):
    id: Annotated[str, Field(max_length=64)]


class _NewDevice(_Device):
    kind: Name
    keys: dict[str, Any]


class _Order(_Device):
    op: Literal["identify", "restart"]


class _Pin(_Device):
    hash: Annotated[str, Field(max_length=256)] | None


class _User(BaseModel):
    user: Name


class _NewUser(_User):
    role: Name
    password: Annotated[str, Field(max_length=256)] | None


class _Centre(BaseModel):
    data: dict[str, Any]


class _Procedures(BaseModel):
    text: str


FIELDS: dict[str, type[BaseModel]] = {
    "device.add": _NewDevice,
    "device.remove": _Device,
    "device.order": _Order,
    "device.pin": _Pin,
    "user.add": _NewUser,
    "user.remove": _User,
    "centre.import": _Centre,
    "procedures.import": _Procedures,
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
