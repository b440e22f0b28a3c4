"""The broker as a child: its files, its life and death, and the sentences when it cannot run."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broker.contract.payloads import Kind
from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server import mosquitto as module
from broker.server.dynamic_security import DeviceUser, hashed
from broker.server.mosquitto import CONFIG_FILE, SECURITY_FILE, BrokerError, Mosquitto
from broker.server.mosquitto_config import OWN_DESCRIPTORS
from broker.server.probe import is_answering

pytestmark = pytest.mark.system
PATIENCE_S = 10.0


async def accepts(broker: Mosquitto) -> None:
    _, writer = await asyncio.open_connection(broker.host, broker.port)
    writer.close()
    await writer.wait_closed()


async def accepts_again(broker: Mosquitto) -> None:
    """Wait until a child that is being started accepts connections."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await accepts(broker)
            except OSError:
                await asyncio.sleep(0.005)


async def gone(pid: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split()[2]:  # noqa: ASYNC110, ASYNC240 - the kernel tells it no other way
            await asyncio.sleep(0.005)


async def test_it_is_ready_when_it_is_entered_and_gone_when_it_is_left(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, "c") as broker:
        await accepts(broker)
        pid = broker.pid
        assert pid is not None

    assert broker.pid is None
    await gone(pid)


async def test_its_files_are_private(mosquitto: Mosquitto) -> None:
    for name in (CONFIG_FILE, SECURITY_FILE):
        assert (mosquitto.folder / name).stat().st_mode & 0o077 == 0
    assert mosquitto.password not in (mosquitto.folder / SECURITY_FILE).read_text()


async def test_it_is_started_again_though_its_files_could_not_be_made_the_first_time(
    mosquitto: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, write = mosquitto.pid, mosquitto._write_files
    failures = [RuntimeError("the users could not be listed")]

    def fail_once(_users: object) -> None:
        monkeypatch.setattr(mosquitto, "_write_files", write)
        raise failures.pop()

    monkeypatch.setattr(mosquitto, "_write_files", fail_once)
    assert first is not None
    os.kill(first, signal.SIGKILL)

    async with asyncio.timeout(PATIENCE_S):
        while failures or mosquitto.pid in (None, first):  # noqa: ASYNC110 - a process tells nobody
            await asyncio.sleep(0.01)
    await accepts_again(mosquitto)


async def test_it_is_started_again_when_it_dies(mosquitto: Mosquitto) -> None:
    first = mosquitto.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    await gone(first)
    async with asyncio.timeout(PATIENCE_S):
        while mosquitto.pid in (None, first) or mosquitto.restarts != {"died": 1}:  # noqa: ASYNC110 - it tells it by its state
            await asyncio.sleep(0.005)
    await accepts_again(mosquitto)


async def test_a_broker_that_hangs_is_killed_and_started_again_and_its_link_comes_back(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, "c", hung_s=1.0) as broker:
        first = broker.pid
        assert first is not None
        link = MqttLink(Address(broker.host, broker.port), "c", "controller", broker.password, SystemClock())
        running = asyncio.create_task(link.run())
        async with asyncio.timeout(PATIENCE_S):
            while not link.connected:  # noqa: ASYNC110 - it tells it by its state
                await asyncio.sleep(0.005)
            os.kill(first, signal.SIGSTOP)
            while link.counts.connects < 2 or not link.connected:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

        assert broker.pid not in (None, first)
        assert broker.restarts == {"hung": 1}


async def test_a_broker_that_answers_is_left_alone_however_often_it_is_asked(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, "c", hung_s=2.0) as broker:
        first = broker.pid
        for _ in range(20):
            assert await is_answering(broker.host, broker.port, PATIENCE_S)

        assert (broker.pid, broker.restarts) == (first, {})


async def test_a_broker_without_room_for_a_connection_works_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "descriptors", lambda: OWN_DESCRIPTORS + 1)
    async with Mosquitto(tmp_path, "c") as broker:
        _, writer = await asyncio.open_connection(broker.host, broker.port)

        assert await is_answering(broker.host, broker.port, PATIENCE_S)
        writer.close()
        await writer.wait_closed()


async def test_it_does_not_outlive_a_killed_controller(tmp_path: Path) -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from broker.server.mosquitto import Mosquitto\n"
        "async def main():\n"
        "    async with Mosquitto(pathlib.Path(sys.argv[1]), 'c') as broker:\n"
        "        print(broker.pid, flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:  # noqa: ASYNC220 - the test waits for one line of it
        assert parent.stdout is not None
        pid = next(int(line) for line in parent.stdout if line.strip().isdigit())
        parent.kill()

    await gone(pid)


async def test_a_busy_port_is_one_sentence_that_names_it(mosquitto: Mosquitto, tmp_path: Path) -> None:
    with pytest.raises(BrokerError, match=rf"cannot listen on 127\.0\.0\.1:{mosquitto.port} .*--mqtt-listen"):
        async with Mosquitto(tmp_path / "second", "c", port=mosquitto.port):
            pass


async def test_a_mosquitto_that_stops_at_once_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "config_text", lambda **_: "no_such_option true\n")
    with pytest.raises(BrokerError, match=r"stopped at once .*no_such_option"):
        async with Mosquitto(tmp_path, "c"):
            pass


async def test_the_last_words_of_what_starts_the_broker_are_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "setpriv: activate capabilities: Operation not permitted"
    monkeypatch.setattr(module, "_program", lambda: ["sh", "-c", f"echo {said} >&2; exit 127"])

    with pytest.raises(BrokerError, match=said):
        async with Mosquitto(tmp_path, "quang-ngai"):
            pass


class Hall:
    """A broker of a whole hall, whose users are known."""

    def __init__(self, folder: Path) -> None:
        self.users = [DeviceUser(f"sign-{number}", Kind.SIGN, hashed("secret")) for number in range(120)]
        self.broker = Mosquitto(folder, "c", users=lambda: self.users)
        self.security = folder / SECURITY_FILE

    async def lets_in(self, device: str) -> bool:
        link = MqttLink(Address(self.broker.host, self.broker.port), "c", device, "secret", SystemClock())
        running = asyncio.create_task(link.run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (link.connected or running.done()):  # noqa: ASYNC110 - it tells it by its state
                    await asyncio.sleep(0.005)
            return not running.done()
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def started_again(self, cause: str) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not self.broker.restarts[cause] or self.broker.pid is None:  # noqa: ASYNC110 - it tells it by its state
                await asyncio.sleep(0.005)


@pytest.mark.parametrize("left", [None, 0, 4096])
async def test_whatever_is_left_of_the_users_file_it_is_written_again_before_the_start(
    tmp_path: Path, left: int | None
) -> None:
    hall = Hall(tmp_path)
    async with hall.broker:
        whole = hall.security.stat().st_size
    if left is None:
        hall.security.unlink()
    else:
        os.truncate(hall.security, left)

    async with hall.broker:
        assert await hall.lets_in("sign-119")
        assert hall.security.stat().st_size == whole > 4096


async def test_a_full_disk_delays_the_next_start_and_loses_no_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, write, full = Hall(tmp_path), module._write_private, [True, True]

    def on_a_full_disk(path: Path, content: str) -> None:
        if full:
            full.pop()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    async with hall.broker as broker:
        assert broker.pid is not None
        os.truncate(hall.security, 4096)
        monkeypatch.setattr(module, "_write_private", on_a_full_disk)
        os.kill(broker.pid, signal.SIGKILL)
        await hall.started_again("died")

        assert await hall.lets_in("sign-1")
        assert not full


async def test_a_renewed_one_knows_the_users_of_now(tmp_path: Path) -> None:
    hall = Hall(tmp_path)
    async with hall.broker as broker:
        hall.users = [DeviceUser("board-1", Kind.BOARD, hashed("secret"))]
        first = broker.pid
        broker.renew()
        assert first is not None
        await gone(first)
        await hall.started_again("renewed")

        assert await hall.lets_in("board-1")
        assert not await hall.lets_in("sign-1")
