"""The socket in the data directory: one JSON object a line each way, for the commands of this machine.

Only who may enter the data directory can reach it. A path longer than a socket address allows is reached through the
directory's descriptor.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.errors import RefusedError
from controller.domain.centre.centre import CentreFaults

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

log = structlog.get_logger()

NAME = "control.sock"
LINE_BYTES = 32 * 1024 * 1024
ANSWER_S = 60.0

Json = dict[str, Any]


class NoControllerError(Exception):
    """No controller listens at this data directory."""


class AdminRequestError(Exception):
    """An admin request failed; the message is one sentence, `faults` those of a configuration.

    `code` is that of the refusal, empty for anything else.
    """

    def __init__(self, sentence: str, faults: list[Json] | None = None, code: str = "") -> None:
        super().__init__(sentence)
        self.faults = faults or []
        self.code = code


@contextmanager
def _address(data: Path) -> Iterator[str]:
    descriptor = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{NAME}"
    finally:
        os.close(descriptor)


class ControlSocket:
    """Serves admin requests of the commands of this machine."""

    def __init__(self, data: Path, handle: Callable[[Json], Awaitable[Json]]) -> None:
        self._data = data
        self._handle = handle
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen, in place of whatever a killed process left."""
        with suppress(FileNotFoundError):
            (self._data / NAME).unlink()
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with _address(self._data) as address:
            listener.bind(address)
        (self._data / NAME).chmod(0o600)
        self._server = await asyncio.start_unix_server(self._serve, sock=listener, limit=LINE_BYTES)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()
            with suppress(FileNotFoundError):
                (self._data / NAME).unlink()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            if line:
                writer.write(_line(await run_request(self._handle, _parse_request(line))))
                await writer.drain()
        except (ConnectionError, ValueError, RecursionError) as error:
            log.warning("control_socket_failed", reason=str(error))
        finally:
            writer.close()


def _parse_request(line: bytes) -> Json:
    asked = json.loads(line)
    if not isinstance(asked, dict):
        raise ValueError("a request is a JSON object")  # noqa: TRY004 - the sender is at fault, not a caller
    return asked


async def run_request(handle: Callable[[Json], Awaitable[Json]], asked: Json) -> Json:
    """Run a request and return what is sent: `{"result"}` or `{"error", "faults"}`, a refusal with its `code`."""
    try:
        return {"result": await handle(asked)}
    except RefusedError as refused:
        return {"error": refused.detail or refused.code.value, "faults": [], "code": refused.code.value}
    except CentreFaults as faulty:
        faults = [{"place": fault.place, "message": fault.message} for fault in faulty.faults]
        return {"error": "the configuration has faults", "faults": faults}
    except Exception as error:
        log.exception("control_failed", asked=asked.get("do"))
        return {"error": f"the controller failed: {type(error).__name__}", "faults": []}


def _line(message: Json) -> bytes:
    """Write one object as a line; letters stay as they are, which is half as long in Vietnamese."""
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


def send_request(data: Path, asked: Json) -> Json:
    """Send a request to a running controller; `NoControllerError` without one, else AdminRequestError."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(ANSWER_S)
    with connection:
        try:
            with _address(data) as address:
                connection.connect(address)
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as error:
            raise NoControllerError(f"no controller runs on {data}") from error
        try:
            connection.sendall(_line(asked))
            with connection.makefile("rb") as answers:
                line = answers.readline(LINE_BYTES)
        except OSError as error:
            raise AdminRequestError(f"the controller of {data} did not answer ({error}): try again") from error
    if not line:
        raise AdminRequestError(f"the controller of {data} stopped before it answered: try again")
    return read_result(json.loads(line))


def read_result(answer: Json) -> Json:
    """Return the result within an answer, or raise `AdminRequestError`."""
    if "error" in answer:
        raise AdminRequestError(answer["error"], answer["faults"], answer.get("code", ""))
    result: Json = answer["result"]
    return result
