"""A stored configuration that no longer passes starts its controller; what is left out or replaced is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.centre.stored import parse_stored_centre
from controller.services.configuration import Configuration
from controller.services.journal.ports import StoreError
from controller.services.journal.set_aside import QuarantinedRows
from controller.services.journal.stored_centre import centre_of, former_centres
from tests.controller.conftest import document
from tests.controller.services.journal.test_damage import change

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Runs = Callable[..., AbstractAsyncContextManager[Any]]


def test_parts_at_fault_are_left_out_and_named() -> None:
    told = document() | {"slip": {"lines": [{"en": "Thank you"}]}, "later": {"key": 1}}
    told["device"][0]["further"] = 3

    centre, left_out = parse_stored_centre(told)

    assert {fault.place for fault in left_out} == {"slip.lines[0]", "later", "device[0].further"}
    assert centre == parse_centre(document())
    assert told["device"][0]["further"] == 3


def test_a_service_is_never_left_out() -> None:
    told = document()
    told["service"][1]["name"] = {}

    with pytest.raises(CentreFaults, match=r"service\[1\]"):
        parse_stored_centre(told)


def test_a_sound_configuration_is_read_as_it_is() -> None:
    assert parse_stored_centre(document()) == (parse_centre(document()), ())


@pytest.mark.parametrize("data", ["{", "[]", "{}", '{"centre":{"id":"hall-a"}}'])
async def test_a_version_that_cannot_be_read_is_replaced_by_the_one_before(
    open_rig: Runs, tmp_path: Path, data: str
) -> None:
    async with open_rig():
        pass
    change(tmp_path, "INSERT INTO centres SELECT 2, at, ? FROM centres", data)

    async with open_rig() as rig:
        configuration = Configuration(rig.engine, rig.clock)
        await configuration.start(await rig.store.version(2))
        told = configuration.current()
        assert (await rig.issue())["number"] == "A001"
        published = await configuration.publish(document(), expected=2)

    assert (told.version, told.data) == (2, parse_centre(document()).to_document())
    assert published.version == 3


async def test_a_store_in_which_no_version_can_be_read_uses_the_given_file(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig() as rig:
        await rig.issue()
    change(tmp_path, "UPDATE centres SET data = '{'")

    async with open_rig() as rig:
        assert (await rig.issue())["number"] == "A002"
        with pytest.raises(StoreError, match="restore a backup"):
            await centre_of(rig.store, 1, QuarantinedRows())


async def test_a_store_that_cannot_be_read_is_not_taken_for_one_without_versions(
    rig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_version: int) -> None:
        raise StoreError("the disk reports an error")

    monkeypatch.setattr(rig.store, "version", fail)

    with pytest.raises(StoreError, match="disk reports"):
        await centre_of(rig.store, 1, QuarantinedRows(), parse_centre(document()))


async def test_former_versions_are_those_that_can_be_read(open_rig: Runs, tmp_path: Path) -> None:
    async with open_rig():
        pass
    change(tmp_path, "INSERT INTO centres SELECT 2, at, '{' FROM centres")

    async with open_rig() as rig:
        former = await former_centres(rig.store, 3, QuarantinedRows())

    assert former == [parse_centre(document())]
