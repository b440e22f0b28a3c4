"""Mosquitto: as a supervised child of the controller, or as files for the centre's own service.

    async with Mosquitto(folder, "quang-ngai", "127.0.0.1", 0) as broker:
        broker.host, broker.port, broker.password        # for the controller's own link

With `users`, the child's `folder/dynamic-security.json` is derived from them before every start, the first and each
restart: what a power cut, a full disk or a killed Mosquitto left of that file is never read. The controller's password
is new at every start. The child is restarted when it dies and never outlives this process.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import re
import resource
import shutil
import socket
from collections import Counter, deque
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import structlog

from broker.link.backoff import Backoff
from broker.runtime.tasks import run_logged
from broker.server import dynamic_security
from broker.server.mosquitto_config import DATA_BYTES, DESCRIPTORS, Listener, config_text
from broker.server.port_holder import advice, port_holder
from broker.server.probe import is_answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

log = structlog.get_logger()

CONFIG_FILE = "mosquitto.conf"
SECURITY_FILE = "dynamic-security.json"
PLUGIN = "mosquitto_dynamic_security.so"
DIED = "died"
READY_S = 5.0
STOP_S = 3.0
HUNG_S = 10.0
"""A child that has answered no sign-in for so long is killed, and started again."""
STEADY_S = 30.0
"""A child that lived this long has started well: the pauses begin again."""


class BrokerError(Exception):
    """The broker cannot be run; the message is one sentence that says what happened and what to do."""


class Mosquitto:
    """A broker of this process's own. `port` 0 picks a free one.

    `users` returns the devices that may sign in; without it those in an existing file are kept. `restarts` counts the
    starts after the first by cause: `died`, `hung`, `renewed`.
    """

    def __init__(
        self,
        folder: Path,
        centre: str,
        host: str = "127.0.0.1",
        port: int = 0,
        users: Callable[[], Sequence[dynamic_security.DeviceUser]] | None = None,
        *,
        hung_s: float = HUNG_S,
    ) -> None:
        self.folder = folder
        self.host = host
        self.port = port
        self.password = dynamic_security.new_password()
        self.restarts: Counter[str] = Counter()
        self._centre = centre
        self._users = users
        self._hung_s = hung_s
        self._cause = DIED
        self._process: asyncio.subprocess.Process | None = None
        self._said: deque[str] = deque(maxlen=20)
        self._helpers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Write the files, start the child and wait until it accepts connections; BrokerError when it does not."""
        self.port = free_port(self.host, self.port)
        program = _program()
        try:
            await self._start(program)
        except BaseException:
            await self._stop()
            raise
        for name, loop in (("mosquitto", partial(self._supervise, program)), ("mosquitto probe", self._watch)):
            self._helpers.append(asyncio.create_task(run_logged(name, loop), name=name))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for helper in self._helpers:
            helper.cancel()
        await asyncio.gather(*self._helpers, return_exceptions=True)
        await self._stop()

    @property
    def pid(self) -> int | None:
        """The child's process id, or None while it is being restarted."""
        return self._process.pid if self._process and self._process.returncode is None else None

    def renew(self) -> None:
        """Restart the child from files written again: for when it may hold other credentials than `users`."""
        log.warning("broker_renewed", reason="its credentials may differ from the stored ones")
        self._kill("renewed")

    def _kill(self, cause: str) -> None:
        """End the child; `_supervise` starts it again."""
        if self._process is not None and self._process.returncode is None:
            self._cause = cause
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    def _write_files(self, users: Sequence[dynamic_security.DeviceUser] | None) -> None:
        listeners = [Listener(self.host, self.port)]
        write_files(self.folder, self._centre, self.password, listeners, _own_user(), users, descriptors())

    async def _start(self, program: list[str]) -> None:
        self._said.clear()
        await asyncio.to_thread(self._write_files, None if self._users is None else self._users())
        self._process = await asyncio.create_subprocess_exec(
            *program, "-c", str(self.folder / CONFIG_FILE), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        listening = asyncio.create_task(self._listen(self._process))
        try:
            async with asyncio.timeout(READY_S):
                await self._until_accepting(self._process)
        except TimeoutError:
            raise BrokerError(f"Mosquitto did not answer on {self.host}:{self.port} within {READY_S:.0f} s") from None
        finally:
            self._helpers.append(listening)
            listening.add_done_callback(self._helpers.remove)
        if self._process.returncode is not None:
            await listening
            raise BrokerError(f"Mosquitto stopped at once on {self.host}:{self.port}: {self._last_words()}")

    async def _until_accepting(self, process: asyncio.subprocess.Process) -> None:
        """Wait until the child accepts connections, or has ended."""
        while True:
            if process.returncode is not None:
                return
            try:
                _, writer = await asyncio.open_connection(self.host, self.port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            return

    async def _supervise(self, program: list[str]) -> None:
        backoff, loop = Backoff(), asyncio.get_running_loop()
        while True:
            since = loop.time()
            status = await self._process.wait() if self._process else None
            if loop.time() - since > STEADY_S:
                backoff.reset()
            self.restarts[self._cause] += 1
            self._cause = DIED
            log.error("broker_died", status=status, said=self._last_words())
            await asyncio.sleep(backoff.pause())
            try:
                await self._start(program)
            except (BrokerError, OSError) as fault:
                log.warning("broker_not_restarted", reason=str(fault))
                await self._stop()
            else:
                log.info("broker_restarted", port=self.port)

    async def _watch(self) -> None:
        """Kill a child that accepts connections but answers none; `_supervise` starts it again.

        Two probes in a row must fail: the time of the first may be over because this process itself was stopped.
        """
        failed, answered, loop = 0, 0.0, asyncio.get_running_loop()
        while True:
            process = self._process
            if self.pid is None or await is_answering(self.host, self.port, self._hung_s * 0.4):
                failed, answered = 0, loop.time()
            elif process is self._process:
                failed += 1
            if failed > 1 and loop.time() - answered >= self._hung_s and process is not None:
                log.error("broker_hung", silent_s=round(loop.time() - answered, 1))
                failed = 0
                self._kill("hung")
            await asyncio.sleep(self._hung_s * 0.1)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        while process.stderr is not None:
            try:
                line = await process.stderr.readline()
            except ValueError:
                continue  # a line without an end; nobody reading would stop the child at its next word
            if not line:
                return
            # Until its configuration is read, the time stands before each line.
            self._said.append(re.sub(r"^\d+: ", "", line.decode(errors="replace").strip()))
            log.debug("broker_said", line=self._said[-1])

    def _last_words(self) -> str:
        errors = [line for line in self._said if line.startswith("Error")]
        return (errors or [*self._said][-1:] or ["it gave no reason"])[0]

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def write_files(
    folder: Path,
    centre: str,
    controller_password: str,
    listeners: list[Listener],
    user: str | None,
    users: Iterable[dynamic_security.DeviceUser] | None = None,
    descriptors: int = DESCRIPTORS,
) -> Path:
    """Write the configuration and the plugin's file into a private folder, and give the configuration's path.

    With `users`, the devices are exactly these and an existing file is not read. Without, those in an existing file
    are kept, and one that cannot be read is a BrokerError.
    The centre's service is made of the same two files, with `user` the account that it runs as.
    """
    config = (folder / CONFIG_FILE).absolute()
    security = write_security(folder, centre, controller_password, users)
    text = config_text(plugin=find_plugin(), security=security, listeners=listeners, user=user, descriptors=descriptors)
    _write_private(config, text)
    return config


def write_security(
    folder: Path, centre: str, controller_password: str, users: Iterable[dynamic_security.DeviceUser] | None
) -> Path:
    """Write the plugin's file alone and return its path; see `write_files`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    security = (folder / SECURITY_FILE).absolute()
    devices = read_security(folder) if users is None else dynamic_security.existing_document(centre, users)
    _write_private(security, json.dumps(dynamic_security.document(centre, controller_password, devices), indent=1))
    return security


def read_security(folder: Path) -> dynamic_security.Json | None:
    """Read the plugin's file in a folder; None when there is none, BrokerError when it cannot be read."""
    security = (folder / SECURITY_FILE).absolute()
    if not security.exists():
        return None
    advice = "write it from the controller's store with `luot broker-files --from STORE`"
    try:
        found = dynamic_security.parse_document(security.read_text())
    except ValueError as error:
        raise BrokerError(f"the broker's credentials in {security} cannot be read ({error}): {advice}") from error
    return found


def _write_private(path: Path, content: str) -> None:
    """Replace a file in one step, readable by its owner only, and on the disk before this returns."""
    fresh = path.with_suffix(".fresh")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(content)
    fresh.replace(path)
    sync_to_disk(path)


def sync_to_disk(path: Path) -> None:
    """Have a file's content and its name on the disk before this returns."""
    for place in (path, path.parent):
        descriptor = os.open(place, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def find_plugin() -> Path:
    """Give the place of the dynamic security plugin; BrokerError when it is not installed."""
    for folder in (*sorted(Path("/usr/lib").glob("*-linux-gnu*")), Path("/usr/lib"), Path("/usr/local/lib")):
        if (folder / PLUGIN).exists():
            return folder / PLUGIN
    raise BrokerError(f"{PLUGIN} was not found below /usr/lib: install the Debian package mosquitto")


def free_port(host: str, port: int) -> int:
    """Give the port when it can be listened on, or any free one for 0; BrokerError when it is taken."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, proto) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except OSError as error:
        holder = port_holder(port) if error.errno == errno.EADDRINUSE else None
        why = f"{error.strerror or error}{f' by {holder}' if holder else ''}"
        doing = f"{advice(holder)}, or choose another address with --mqtt-listen"
        raise BrokerError(f"cannot listen on {host}:{port} ({why}): {doing}") from error


def _program() -> list[str]:
    """Give the command line up to the options; the child is killed when its parent dies, however it dies."""
    search = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    mosquitto, setpriv, prlimit = (shutil.which(name, path=search) for name in ("mosquitto", "setpriv", "prlimit"))
    if mosquitto is None:
        raise BrokerError("mosquitto was not found: install the Debian package mosquitto, or give --mqtt URL")
    if setpriv is None or prlimit is None:
        raise BrokerError("setpriv or prlimit was not found: install the Debian package util-linux, or give --mqtt URL")
    return [setpriv, "--pdeathsig", "KILL", prlimit, f"--nofile={descriptors()}:", f"--data={DATA_BYTES}", mosquitto]


def descriptors() -> int:
    """Return how many open files a child may have: those wanted, or the hard limit where it is lower."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft, DESCRIPTORS) if hard == resource.RLIM_INFINITY else min(max(soft, DESCRIPTORS), hard)


def _own_user() -> str | None:
    # Started as root, Mosquitto would become another user, who may not read the controller's folder.
    return "root" if os.geteuid() == 0 else None
