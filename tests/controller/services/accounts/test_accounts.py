"""Users, roles and sessions, over the real store, with a hash that costs little."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from broker.contract.errors import Code, RefusedError
from controller.services.accounts.accounts import MOST_SESSIONS, SESSION_MS, Accounts, Role
from controller.store.accounts import SqliteAccounts
from controller.store.database import FILE, Database
from controller.store.passwords import Argon2
from tests.controller.conftest import InTurn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

PASSWORD = "correct horse"


@dataclass
class FakeClock:
    at: int = 1_795_000_000_000
    speed: float = 1.0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> float:
        return self.at / 1000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / FILE, InTurn)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def accounts(database: Database, clock: FakeClock) -> AsyncIterator[Accounts]:
    hasher = Argon2(time_cost=1, memory_kib=8)
    made = Accounts(SqliteAccounts(database), hasher, clock)
    await made.start()
    await made.add("an", Role.OFFICER, PASSWORD)
    yield made
    hasher.close()


async def token_of(accounts: Accounts, user: str = "an") -> str:
    signed_in = await accounts.sign_in(user, PASSWORD, "10.0.0.1")
    assert signed_in is not None
    return signed_in[0]


def test_a_role_covers_itself_and_those_below() -> None:
    covered = [(one.value, other.value) for one in Role for other in Role if one.covers(other)]

    assert covered == [
        ("officer", "officer"), ("supervisor", "officer"), ("supervisor", "supervisor"),
        ("administrator", "officer"), ("administrator", "supervisor"), ("administrator", "administrator"),
    ]  # fmt: skip


async def test_a_session_tells_who_is_asking_until_it_is_ended(accounts: Accounts) -> None:
    token = await token_of(accounts)

    caller = accounts.who(token)
    await accounts.sign_out(token)

    assert caller is not None
    assert (caller.user, caller.role) == ("an", Role.OFFICER)
    assert accounts.who(token) is None
    assert accounts.who("made up") is None


async def test_sessions_survive_a_restart_and_end_in_time(
    accounts: Accounts, database: Database, clock: FakeClock
) -> None:
    token = await token_of(accounts)
    again = Accounts(SqliteAccounts(database), Argon2(time_cost=1, memory_kib=8), clock)

    await again.start()
    alive = again.who(token)
    clock.at += SESSION_MS
    dead = again.who(token)
    await again.start()

    assert alive is not None
    assert dead is None
    assert again.who(token) is None


async def test_neither_passwords_nor_tokens_lie_on_disk(accounts: Accounts, database: Database) -> None:
    token = await token_of(accounts)

    with closing(sqlite3.connect(database.path)) as connection:
        kept = "\n".join(connection.iterdump())

    assert PASSWORD not in kept
    assert token not in kept
    assert "$argon2id$" in kept


async def test_a_new_password_or_a_removal_ends_all_sessions_of_a_user(accounts: Accounts, database: Database) -> None:
    await accounts.add("chief", Role.ADMINISTRATOR, PASSWORD)
    first, other = await token_of(accounts), await token_of(accounts, "chief")

    await accounts.add("an", Role.SUPERVISOR, PASSWORD)
    second = await token_of(accounts)
    renewed = accounts.who(first)
    role = accounts.who(second)
    await accounts.remove("an")

    assert renewed is None
    assert role is not None
    assert role.role is Role.SUPERVISOR
    assert accounts.who(second) is None
    assert accounts.who(other) is not None
    assert {session.user for session in await SqliteAccounts(database).sessions()} == {"chief"}


async def test_a_generated_password_is_given_once_and_works(accounts: Accounts) -> None:
    password = await accounts.add("binh", Role.OFFICER)

    assert len(password) >= 16
    assert await accounts.sign_in("binh", password, "x") is not None
    assert await accounts.sign_in("binh", "wrong", "x") is None


@pytest.mark.parametrize("password", ["", "short", "x" * 257])
async def test_a_password_of_no_good_length_is_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(RefusedError) as refused:
        await accounts.add("binh", Role.OFFICER, password)

    assert refused.value.code is Code.BAD_REQUEST
    assert [user.user for user in accounts.everybody()] == ["an"]


async def test_the_only_administrator_can_neither_be_removed_nor_lowered(accounts: Accounts) -> None:
    await accounts.add("chief", Role.ADMINISTRATOR, PASSWORD)

    with pytest.raises(RefusedError) as removed:
        await accounts.remove("chief")
    with pytest.raises(RefusedError) as lowered:
        await accounts.add("chief", Role.OFFICER, PASSWORD)
    await accounts.add("deputy", Role.ADMINISTRATOR, PASSWORD)
    await accounts.remove("chief")

    assert removed.value.code is lowered.value.code is Code.BAD_STATE
    assert [user.user for user in accounts.everybody()] == ["an", "deputy"]


async def test_removing_nobody_is_not_found(accounts: Accounts) -> None:
    with pytest.raises(RefusedError) as refused:
        await accounts.remove("ghost")

    assert refused.value.code is Code.NOT_FOUND


async def test_a_user_holds_a_bounded_number_of_sessions_and_the_oldest_ends(
    accounts: Accounts, clock: FakeClock, database: Database
) -> None:
    tokens = []
    for _ in range(MOST_SESSIONS + 1):
        clock.at += 1
        tokens.append(await token_of(accounts))

    assert accounts.who(tokens[0]) is None
    assert all(accounts.who(token) for token in tokens[1:])
    assert len(await SqliteAccounts(database).sessions()) == MOST_SESSIONS
