"""Sends the admin requests of commands: over the socket of a running controller, else run in this process."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from broker.contract.errors import Code
from broker.runtime.clock import clock_from
from controller.admin.lock import DataLockedError, lock_data
from controller.admin.socket import AdminRequestError, NoControllerError, read_result, run_request, send_request
from controller.commands.output import FAILED, WRONG_USE, fail
from controller.services.journal.ports import StoreError

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre

Json = dict[str, Any]

CHANGE_CREDENTIALS = ("device.add", "device.remove")


def call_admin(data: Path, asked: Json, first: Centre | None = None) -> Json:
    """Run an admin request on a data directory and return its result; a failure ends the program.

    `first` begins an empty data directory.
    """
    if not data.is_dir() and first is None:
        fail(f"there is no data directory {data}: give the one of `luot serve` with --data", WRONG_USE)
    try:
        return _ask(data, asked, first)
    except AdminRequestError as failed:
        if failed.faults:
            for fault in failed.faults:
                typer.echo(f"{fault['place']}: {fault['message']}", err=True)
            raise typer.Exit(WRONG_USE) from failed
        fail(str(failed), WRONG_USE if failed.code == Code.BAD_REQUEST.value else FAILED)
    except (StoreError, DataLockedError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the data directory {data} cannot be used: {error}")


def _ask(data: Path, asked: Json, first: Centre | None) -> Json:
    try:
        return send_request(data, asked)
    except (NoControllerError, FileNotFoundError):
        with lock_data(data):
            return read_result(asyncio.run(_by_itself(data, asked, first)))


async def _by_itself(data: Path, asked: Json, first: Centre | None) -> Json:
    from controller.admin.admin_service import AdminService  # noqa: PLC0415
    from controller.admin.brokers import BROKER_FOLDER, adopt_file, given_broker  # noqa: PLC0415
    from controller.admin.offline_broker import OfflineBroker, write_offline_users  # noqa: PLC0415
    from controller.core import open_core  # noqa: PLC0415 - a running controller needs none of this
    from controller.services.devices.granting import Granting  # noqa: PLC0415
    from controller.services.devices.inventory import Inventory, kinds_of  # noqa: PLC0415
    from controller.services.devices.presence import Presence  # noqa: PLC0415

    clock = clock_from(os.environ)
    async with open_core(data, clock, first) as core:
        centre, given = core.configuration.centre(), await given_broker(core.store, os.environ)
        if given is None:
            await adopt_file(core.store, core.credentials, kinds_of(centre), data / BROKER_FOLDER)
        inventory = Inventory(
            core.configuration, Granting(core.credentials, OfflineBroker(given)), Presence(core.engine.guard)
        )
        service = AdminService(core.configuration, inventory, core.accounts, core.procedures, engine=core.engine)
        answer = await run_request(service.handle, asked)
        if given is None and asked["do"] in CHANGE_CREDENTIALS:
            write_offline_users(data / BROKER_FOLDER, centre.id, core.broker_users())
        return answer
