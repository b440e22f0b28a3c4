"""What HTTP needs of the rest of the controller; injected once, when the app is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from ipaddress import IPv4Network, IPv6Network

    from starlette.requests import HTTPConnection

    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.services.accounts.accounts import Accounts
    from controller.services.accounts.budget import CallBudget
    from controller.services.engine.engine import Engine
    from controller.services.history import History
    from controller.services.journal.ports import Store, Version
    from controller.services.procedures import Procedures


class Configuration(Protocol):
    """The stored configuration of the centre."""

    def current(self) -> Version:
        """Return the version in force."""
        ...

    async def publish(self, data: Mapping[str, Any], *, expected: int, officer: str | None = None) -> Version:
        """Put a configuration in force; raises `CentreFaults`, or `Refused` with `bad_state` when it cannot be."""
        ...


class Inventory(Protocol):
    """Devices and their credentials."""

    async def everything(self) -> Sequence[Mapping[str, Any]]:
        """Return every device: id, kind, whether it is online, since when, its detail."""
        ...

    async def add(self, kind: str, device: str, keys: Mapping[str, Any], *, officer: str | None = None) -> str:
        """Return a new password of a device, known or new, valid when this returns."""
        ...

    async def remove(self, device: str, *, officer: str | None = None) -> None:
        """Take a device and its password away; an unknown one is `Refused` with `not_found`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """The parts of the controller that the app calls.

    `centre` gives the configuration in force, `ready` an English sentence for each thing that keeps a ticket from
    being issued, `metrics` the text for Prometheus and its media type, `monitoring` the networks that may read it,
    `reachable` whether other machines reach this controller. `budget` is that of calls without a session, `strangers`
    counts those that were refused, by reason.
    """

    clock: Clock
    engine: Engine
    store: Store
    configuration: Configuration
    inventory: Inventory
    accounts: Accounts
    procedures: Procedures
    history: History
    centre: Callable[[], Centre]
    ready: Callable[[], Awaitable[Sequence[str]]]
    metrics: Callable[[], tuple[bytes, str]]
    monitoring: tuple[IPv4Network | IPv6Network, ...]
    version: str
    budget: CallBudget
    strangers: Counter[str]
    reachable: bool = False


def dependencies_of(connection: HTTPConnection) -> Dependencies:
    """Return the dependencies of a request's app."""
    return cast("Dependencies", connection.app.state.dependencies)
