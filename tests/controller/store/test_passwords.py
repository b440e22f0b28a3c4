"""Hashing away from the event loop, a bounded number at a time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from argon2 import extract_parameters

from broker.contract.errors import Code, RefusedError
from controller.store.passwords import MEMORY_KIB, MOST_WAITING, Argon2

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hasher() -> Iterator[Argon2]:
    made = Argon2(time_cost=1, memory_kib=8)
    yield made
    made.close()


async def test_only_the_right_password_fits_and_nobody_has_one(hasher: Argon2) -> None:
    hashed = await hasher.hash("correct horse")

    assert await hasher.verify("correct horse", hashed)
    assert not await hasher.verify("correct house", hashed)
    assert not await hasher.verify("nobody", None)


async def test_a_crowd_at_the_door_is_asked_to_come_again(hasher: Argon2) -> None:
    crowd = [hasher.hash("correct horse") for _ in range(MOST_WAITING + 5)]

    answers = await asyncio.gather(*crowd, return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, RefusedError)]
    assert len(refused) == 5
    assert {answer.code for answer in refused} == {Code.TRY_AGAIN}
    assert await hasher.verify("correct horse", await hasher.hash("correct horse"))


async def test_who_is_not_known_is_checked_at_the_cost_of_a_password_that_was_hashed(hasher: Argon2) -> None:
    assert extract_parameters(hasher._nobody) == extract_parameters(await hasher.hash("correct horse"))
    assert len(hasher._nobody) == len(await hasher.hash("correct horse"))
    assert not await hasher.verify("", None)


async def test_a_hash_as_it_is_used_costs_what_it_should() -> None:
    hasher = Argon2()
    hashed = await hasher.hash("correct horse")
    hasher.close()

    assert hashed.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t=2,p=1$")
