"""The socket of a data directory, and its lock."""

from __future__ import annotations

import asyncio
import stat
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from controller.admin.lock import DataLockedError, lock_data
from controller.admin.socket import NAME, AdminRequestError, ControlSocket, NoControllerError, send_request
from controller.domain.centre.centre import CentreFaults, ConfigFault

if TYPE_CHECKING:
    from pathlib import Path


async def handle(asked: dict[str, Any]) -> dict[str, Any]:
    match asked["do"]:
        case "echo":
            return {"said": asked["what"]}
        case "refuse":
            raise RefusedError(Code.BAD_STATE, "c1 is still open")
        case "fault":
            raise CentreFaults((ConfigFault("service[0].id", "is missing"),))
    raise RuntimeError("a secret detail")


async def test_questions_are_answered_through_any_length_of_path(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    control = ControlSocket(deep, handle)
    await control.open()

    answer = await asyncio.to_thread(send_request, deep, {"do": "echo", "what": "chữ " * 50_000})
    mode = stat.S_IMODE((deep / NAME).stat().st_mode)
    await control.close()

    assert answer == {"said": "chữ " * 50_000}
    assert mode == 0o600


@pytest.mark.parametrize(
    ("do", "said", "faults"),
    [
        ("refuse", "c1 is still open", []),
        ("fault", "the configuration has faults", [{"place": "service[0].id", "message": "is missing"}]),
        ("break", "the controller failed: RuntimeError", []),
    ],
)
async def test_failures_come_back_as_sentences(tmp_path: Path, do: str, said: str, faults: list[Any]) -> None:
    control = ControlSocket(tmp_path, handle)
    await control.open()

    with pytest.raises(AdminRequestError) as failed:
        await asyncio.to_thread(send_request, tmp_path, {"do": do})
    await control.close()

    assert (str(failed.value), failed.value.faults) == (said, faults)


async def test_a_socket_that_a_killed_controller_left_is_nobody(tmp_path: Path) -> None:
    control = ControlSocket(tmp_path, handle)
    await control.open()
    if control._server is not None:
        control._server.close()

    with pytest.raises(NoControllerError):
        await asyncio.to_thread(send_request, tmp_path, {"do": "echo"})
    again = ControlSocket(tmp_path, handle)
    await again.open()
    assert await asyncio.to_thread(send_request, tmp_path, {"do": "echo", "what": 1}) == {"said": 1}
    await again.close()


def test_without_a_controller_nobody_is_there(tmp_path: Path) -> None:
    with pytest.raises(NoControllerError):
        send_request(tmp_path, {"do": "echo"})


def test_one_process_at_a_time_holds_a_data_directory(tmp_path: Path) -> None:
    with lock_data(tmp_path / "data"):
        with pytest.raises(DataLockedError, match="in use"), lock_data(tmp_path / "data"):
            pass
        assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    with lock_data(tmp_path / "data"):
        pass
