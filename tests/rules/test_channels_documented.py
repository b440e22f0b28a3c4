"""Every channel, reason and kind stands in the documentation of the wire as the code has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from broker.contract.channels import CHANNELS
from broker.contract.payloads import Kind, Payload
from broker.link.message_dispatcher import Reason

if TYPE_CHECKING:
    from broker.contract.channels import Channel

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "mqtt.md").read_text()
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")]


def row_of(channel: Channel[Payload]) -> list[str]:
    return next(row for row in ROWS if row[0] == f"`{channel.template}`")


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_a_channel_is_documented_with_its_direction_retention_expiry_and_payload(channel: Channel[Payload]) -> None:
    _, direction, retained, expiry, payload = row_of(channel)

    assert direction.endswith("→ controller") == channel.to_controller
    assert retained.startswith("yes") == channel.retained
    assert (expiry == f"{channel.expiry_s} s") == (channel.expiry_s is not None)
    assert f"`{channel.payload.__name__}`" in payload


def test_no_channel_is_documented_that_the_table_does_not_have() -> None:
    documented = {row[0].strip("`") for row in ROWS if re.fullmatch(r"`[a-z{}/]+`", row[0]) and len(row) == 5}

    assert documented == {channel.template for channel in CHANNELS}


def test_the_live_only_channels_are_named() -> None:
    sentence = next(line for line in PAGE.splitlines() if "are live only" in line)
    named = set(re.findall(r"`([a-z]+)`", sentence))

    assert named == {channel.name for channel in CHANNELS if channel.live_only}


@pytest.mark.parametrize("word", [*Reason, *Kind])
def test_every_reason_and_kind_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE
