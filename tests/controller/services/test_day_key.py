"""The key of the day: made once, told while its day lasts, destroyed with it."""

from __future__ import annotations

import base64
import os
import stat
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from controller.services.day_key import BYTES, DayKey, Key
from controller.store.day_key import KEY_FILE, DayKeyFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]

DAY_S = 24 * 3600
ON = {"card": True}


def secret(told: dict[str, str] | None) -> bytes:
    assert told is not None
    return base64.urlsafe_b64decode(told["key"] + "=")


async def test_every_kiosk_is_told_the_same_random_key_all_day(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        told = await rig.day_key.tell()
        rig.clock.pass_seconds(8 * 3600)
        await rig.day_key.look()
        again = await rig.day_key.tell()
    assert told == again
    assert told["day"] == "2026-11-23"
    assert len(secret(told)) == BYTES
    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600


async def test_a_restart_on_the_same_day_goes_on_with_the_key(open_rig: Runs) -> None:
    async with open_rig(identity=ON) as rig:
        told = await rig.day_key.tell()
    async with open_rig(identity=ON) as rig:
        await rig.day_key.look()
        assert await rig.day_key.tell() == told


async def test_at_midnight_the_key_is_overwritten_and_removed(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        told = await rig.day_key.tell()
        os.link(tmp_path / KEY_FILE, tmp_path / "what the disk keeps")
        rig.clock.pass_seconds(16 * 3600 - 1)
        await rig.day_key.look()
        assert (tmp_path / KEY_FILE).exists()
        rig.clock.pass_seconds(1)
        await rig.day_key.look()
        assert not (tmp_path / KEY_FILE).exists()
        assert set((tmp_path / "what the disk keeps").read_bytes()) == {0}
        assert secret(await rig.day_key.tell()) != secret(told)


async def test_a_start_on_another_day_destroys_what_the_last_run_left(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        told = await rig.day_key.tell()
    rig.clock.pass_seconds(DAY_S)
    async with open_rig(identity=ON) as rig:
        await rig.day_key.look()
        assert not (tmp_path / KEY_FILE).exists()
        assert secret(await rig.day_key.tell()) != secret(told)


async def test_where_no_service_wants_one_there_is_none(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        assert await rig.day_key.tell() is None
    assert not (tmp_path / KEY_FILE).exists()
    DayKeyFile(tmp_path / KEY_FILE).write(Key("2026-11-23", b"k" * BYTES))
    async with open_rig(identity={"card": False}) as rig:
        await rig.day_key.look()
    assert not (tmp_path / KEY_FILE).exists()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"day": "2026-11-23"}', '{"day": 5, "key": "zz"}', "\x00" * 9])
async def test_a_file_that_cannot_be_read_is_no_key(open_rig: Runs, tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content)
    async with open_rig(identity=ON) as rig:
        assert len(secret(await rig.day_key.tell())) == BYTES


class FullDisk(DayKeyFile):
    @override
    def write(self, key: Key) -> None:
        raise OSError(28, "no space left")


async def test_with_a_full_disk_the_key_lives_in_memory(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig(identity=ON) as rig:
        alone = DayKey(rig.engine, FullDisk(tmp_path / KEY_FILE), os.urandom)
        assert await alone.tell() == await alone.tell()
    assert not (tmp_path / KEY_FILE).exists()


class Stubborn(DayKeyFile):
    refuses = 1

    @override
    def destroy(self) -> None:
        if self.refuses:
            self.refuses -= 1
            raise OSError(5, "input/output error")
        super().destroy()


async def test_a_key_that_could_not_be_destroyed_is_tried_again(open_rig: Runs, tmp_path: Path) -> None:
    DayKeyFile(tmp_path / KEY_FILE).write(Key("2026-11-22", b"k" * BYTES))
    async with open_rig(identity=ON) as rig:
        key = DayKey(rig.engine, Stubborn(tmp_path / KEY_FILE), os.urandom)
        with pytest.raises(OSError, match="error"):
            await key.look()
        await key.look()
    assert not (tmp_path / KEY_FILE).exists()


def test_a_key_does_not_show_itself() -> None:
    assert "secret" not in repr(Key("2026-11-23", b"secret"))
