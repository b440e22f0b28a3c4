"""The machine's own clock in front of the whole inside of a controller: held, synchronised, and who may sign in."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Origin
from broker.contract.times import parse_instant
from broker.runtime.clock import SystemClock
from controller.core import Core, open_core
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import Issue
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    Opens = Callable[..., AbstractAsyncContextManager[Core]]

MONDAY = parse_instant("2026-11-23T08:00:00+07:00")
YEAR_2036 = parse_instant("2036-03-06T08:00:00+07:00")
PASSWORD = "correct horse"


@pytest.fixture
def open_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_centre: dict[str, Any]) -> Opens:
    """Open the controller's inside on a machine whose clock shows an instant, synchronised or not."""

    @asynccontextmanager
    async def run(at: int, *, synchronised: bool = False) -> AsyncIterator[Core]:
        monkeypatch.setattr(SystemClock, "now", lambda _self: at)
        monkeypatch.setattr("controller.core.is_synchronised", lambda: synchronised)
        async with open_core(tmp_path, SystemClock(), parse_centre(small_centre)) as core:
            yield core

    return run


async def issue(core: Core) -> str:
    answer = await core.engine.do(Issue(service="land", origin=Origin.KIOSK, device="kiosk-1", request=str(id(core))))
    return str(answer["ticket"]["number"])


async def test_while_it_is_held_sessions_last_and_an_administrator_signs_in_and_accepts(open_at: Opens) -> None:
    async with open_at(MONDAY) as core:
        await core.accounts.add("chief", Role.ADMINISTRATOR, PASSWORD)
        begun = await core.accounts.sign_in("chief", PASSWORD, "127.0.0.1")
        assert await issue(core) == "A001"
    async with open_at(YEAR_2036) as core:
        assert begun is not None
        assert core.accounts.who(begun[0]) is not None
        new = await core.accounts.sign_in("chief", PASSWORD, "127.0.0.1")
        assert new is not None
        with pytest.raises(RefusedError) as refused:
            await issue(core)
        await core.engine.accept_clock()

        assert refused.value.code is Code.TRY_AGAIN
        assert core.accounts.who(new[0]) is None
        assert await issue(core) == "A001"


async def test_a_clock_that_the_kernel_holds_for_synchronised_is_never_held(open_at: Opens) -> None:
    async with open_at(MONDAY) as core:
        await issue(core)
    async with open_at(YEAR_2036, synchronised=True) as core:
        assert core.engine.guard.held is None
        assert await issue(core) == "A001"


async def test_a_session_that_began_in_2036_does_not_last_until_then(open_at: Opens) -> None:
    async with open_at(YEAR_2036) as core:
        await core.accounts.add("chief", Role.ADMINISTRATOR, PASSWORD)
        begun = await core.accounts.sign_in("chief", PASSWORD, "127.0.0.1")
    async with open_at(MONDAY) as core:
        assert begun is not None
        assert core.accounts.who(begun[0]) is None
        assert await core.accounts.sign_in("chief", PASSWORD, "127.0.0.1") is not None
