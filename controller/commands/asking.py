"""How a command reaches the office of a data directory: over the socket of its controller, else by itself."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broker.contract.errors import Code
from broker.runtime.clock import clock_from
from controller.admin.lock import Locked, locked
from controller.admin.socket import Failed, NobodyThere, answer_to, ask, result_of
from controller.commands.saying import FAILED, WRONG_USE, fail
from controller.services.journal.ports import StoreDown

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre

DataOption = Annotated[
    Path, typer.Option("--data", envvar="LUOT_DATA", help="The data directory of the controller, running or not.")
]
StoppedDataOption = Annotated[
    Path,
    typer.Option("--data", envvar="LUOT_DATA", help="The data directory of the controller, which must be stopped."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]

Json = dict[str, Any]

CHANGE_CREDENTIALS = ("device.add", "device.remove")


def do(data: Path, asked: Json, first: Centre | None = None) -> Json:
    """Have something done for a data directory and give the result; ends the program when it cannot be.

    `first` begins an empty data directory.
    """
    if not data.is_dir() and first is None:
        fail(f"there is no data directory {data}: give the one of `luot serve` with --data", WRONG_USE)
    try:
        return _ask(data, asked, first)
    except Failed as failed:
        if failed.faults:
            for fault in failed.faults:
                typer.echo(f"{fault['place']}: {fault['message']}", err=True)
            raise typer.Exit(WRONG_USE) from failed
        fail(str(failed), WRONG_USE if failed.code == Code.BAD_REQUEST.value else FAILED)
    except (StoreDown, Locked) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the data directory {data} cannot be used: {error}")


def _ask(data: Path, asked: Json, first: Centre | None) -> Json:
    try:
        return ask(data, asked)
    except (NobodyThere, FileNotFoundError):
        with locked(data):
            return result_of(asyncio.run(_by_itself(data, asked, first)))


async def _by_itself(data: Path, asked: Json, first: Centre | None) -> Json:
    from controller.admin.admin_service import Office  # noqa: PLC0415
    from controller.admin.brokers import adopt_file, given_broker  # noqa: PLC0415
    from controller.admin.offline_credentials import StoppedBroker, write_stopped  # noqa: PLC0415
    from controller.core import open_core  # noqa: PLC0415 - a running controller needs none of this
    from controller.main import BROKER_FOLDER  # noqa: PLC0415
    from controller.services.devices.granting import Granting  # noqa: PLC0415
    from controller.services.devices.inventory import Inventory, kinds_of  # noqa: PLC0415
    from controller.services.devices.presence import Presence  # noqa: PLC0415

    clock = clock_from(os.environ)
    async with open_core(data, clock, first) as core:
        centre, given = core.configuration.centre(), await given_broker(core.store, os.environ)
        if given is None:
            await adopt_file(core.store, core.credentials, kinds_of(centre), data / BROKER_FOLDER)
        inventory = Inventory(
            core.configuration, Granting(core.credentials, StoppedBroker(given)), Presence(core.engine.guard)
        )
        office = Office(core.configuration, inventory, core.accounts, core.procedures, engine=core.engine)
        answer = await answer_to(office.handle, asked)
        if given is None and asked["do"] in CHANGE_CREDENTIALS:
            write_stopped(data / BROKER_FOLDER, centre.id, core.broker_users())
        return answer
