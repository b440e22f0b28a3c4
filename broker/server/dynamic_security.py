"""The language of Mosquitto's dynamic security plugin: users, roles and commands as JSON. Pure, but for its salt.

Each user has one role of its own name, because the plugin of Mosquitto 2.0 does not put user names into topics.
Receiving is granted topic by topic too: a change of role then takes effect on subscriptions that already stand.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.access_list import controller_access, device_access
from broker.contract.ids import CONTROLLER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from broker.contract.access_list import Access
    from broker.contract.payloads import Kind

ITERATIONS = 101
"""Rounds of PBKDF2, the plugin's own default: every password here is random, so guessing is hopeless anyway."""

Json = dict[str, Any]

HASH_FIELDS = ("password", "salt", "iterations")
"""What the plugin keeps of a password."""

HASH_BYTES = 64
MOST_ITERATIONS = 1_000_000

DENY_ALL = {"publishClientSend": False, "publishClientReceive": False, "subscribe": False, "unsubscribe": True}
"""What a user may do without a role: leave a subscription, nothing else."""


def new_password() -> str:
    """Give a password of 192 random bits that may stand in an address."""
    return secrets.token_urlsafe(24)


def hashed(password: str, salt: bytes | None = None) -> Json:
    """Give a password as the plugin keeps it."""
    grains = salt or secrets.token_bytes(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), grains, ITERATIONS)
    return {
        "password": base64.b64encode(digest).decode(),
        "salt": base64.b64encode(grains).decode(),
        "iterations": ITERATIONS,
    }


def rules(access: Access) -> list[Json]:
    """Give the rights of one user as the plugin's rules."""
    wanted = [("publishClientSend", topic) for topic in access.publish]
    wanted += [(act, topic) for act in ("publishClientReceive", "subscribePattern") for topic in access.hear]
    return [{"acltype": act, "topic": topic, "priority": 0, "allow": True} for act, topic in wanted]


def same_rules(one: list[Json], other: list[Json]) -> bool:
    """Tell whether two lists of rules grant the same, in whatever order."""

    def as_set(rows: list[Json]) -> set[tuple[str, str, bool]]:
        return {(row["acltype"], row["topic"], row["allow"]) for row in rows}

    return as_set(one) == as_set(other)


@dataclass(frozen=True, slots=True)
class DeviceUser:
    """A device that may sign in: its rights follow from its kind, `hash` is what `hashed` gives of its password."""

    device: str
    kind: Kind
    hash: Json


def existing_document(centre: str, users: Iterable[DeviceUser]) -> Json:
    """Return these devices with their rights, in the form of the plugin's file and without its controller."""
    known = list(users)
    return {
        "clients": [{"username": one.device, "roles": [{"rolename": one.device}], **one.hash} for one in known],
        "roles": [
            {"rolename": one.device, "acls": rules(device_access(centre, one.device, one.kind))} for one in known
        ],
    }


def stored_hashes(document: Json) -> dict[str, Json]:
    """Return the password hash of every device in the plugin's file; a user without a whole one is left out."""
    found: dict[str, Json] = {}
    for client in _lists(document)[0]:
        kept = {name: client.get(name) for name in HASH_FIELDS}
        user = client.get("username")
        if is_hash(kept) and isinstance(user, str) and user != CONTROLLER and not client.get("disabled"):
            found[user] = kept
    return found


def is_hash(kept: Json) -> bool:
    """Return whether the plugin can read a password's hash: one that it cannot keeps it from loading its whole file."""
    password, salt, iterations = (kept.get(name) for name in HASH_FIELDS)
    if not (isinstance(password, str) and isinstance(salt, str) and isinstance(iterations, int)):
        return False
    try:
        lengths = [len(base64.b64decode(text, validate=True)) for text in (password, salt)]
    except ValueError:
        return False
    return lengths[0] == HASH_BYTES and lengths[1] > 0 and 0 < iterations <= MOST_ITERATIONS


def document(centre: str, controller_password: str, existing: Json | None = None) -> Json:
    """Give the plugin's whole file: the controller with its rights, and whoever stood in an existing one."""
    clients, roles, groups = _lists(existing or {})
    controller = {"username": CONTROLLER, "roles": [{"rolename": CONTROLLER}], **hashed(controller_password)}
    role = {"rolename": CONTROLLER, "acls": rules(controller_access(centre))}
    return {
        "defaultACLAccess": DENY_ALL,
        "clients": [controller, *(client for client in clients if client.get("username") != CONTROLLER)],
        "groups": groups,
        "roles": [role, *(other for other in roles if other.get("rolename") != CONTROLLER)],
    }


def _lists(existing: Json) -> tuple[list[Json], list[Json], list[Json]]:
    found = [existing.get(name, []) for name in ("clients", "roles", "groups")]
    if not all(isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in found):
        raise ValueError("clients, roles and groups must be lists of objects")
    clients, roles, groups = found
    return clients, roles, groups


def parse_document(text: str) -> Json:
    """Read the plugin's file; one that is torn, or has no lists of users and roles, is a ValueError."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - whatever is wrong with a file is one kind of fault
    _lists(found)
    return found


def create_user(user: str, access: Access, password: str) -> list[Json]:
    """Give the commands that make a user with its role."""
    return [
        {"command": "createRole", "rolename": user, "acls": rules(access)},
        {"command": "createClient", "username": user, "password": password, "roles": [{"rolename": user}]},
    ]


def delete_user(user: str) -> list[Json]:
    """Give the commands that take a user and its role away; its connection is ended."""
    return [{"command": "deleteClient", "username": user}, {"command": "deleteRole", "rolename": user}]


def disable_user(user: str) -> list[Json]:
    """Return the command that ends a user's connection and refuses it until it is enabled."""
    return [{"command": "disableClient", "username": user}]


def enable_user(user: str) -> list[Json]:
    """Return the command that lets a disabled user sign in again."""
    return [{"command": "enableClient", "username": user}]


def change_rules(user: str, access: Access) -> list[Json]:
    """Give the command that replaces the rights of a user; it keeps its password and its connection."""
    return [{"command": "modifyRole", "rolename": user, "acls": rules(access)}]


def change_password(user: str, password: str) -> list[Json]:
    """Give the command that replaces a password; a connection made with the old one is ended."""
    return [{"command": "setClientPassword", "username": user, "password": password}]
