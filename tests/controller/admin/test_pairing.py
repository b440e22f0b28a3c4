"""A pairing code is given only where a device can use it, and is what `--pair` reads."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

import pytest

from broker.link.address import Address, Pairing, parse_pairing
from controller.admin.pairing import PairingCodes

if TYPE_CHECKING:
    from pathlib import Path

URL = "mqtts://broker.lan:8884"


def pem(name: bytes) -> str:
    body = base64.b64encode(name).decode()
    return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_text(pem(b"another authority") + pem(b"authority"))
    return path


async def test_the_code_is_read_back_as_what_the_device_needs(ca: Path) -> None:
    codes = PairingCodes(URL, "quang-ngai", ca, lambda _: [pem(b"broker"), pem(b"authority")])

    code = await codes.code("sign-1", "p/w:d")

    assert code is not None
    address, digest = Address("broker.lan", 8884, tls=True), hashlib.sha256(b"authority").hexdigest()
    assert parse_pairing(code) == Pairing(address, "quang-ngai", "sign-1", "p/w:d", digest)


def broken(_: Address) -> list[str]:
    raise OSError("no route")


async def test_without_tls_or_without_the_shown_authority_there_is_none(ca: Path, tmp_path: Path) -> None:
    for mqtt, file, shown in (
        (None, ca, lambda _: [pem(b"authority")]),
        ("mqtt://broker.lan:1883", ca, lambda _: [pem(b"authority")]),
        (URL, None, lambda _: [pem(b"authority")]),
        (URL, tmp_path / "none.pem", lambda _: [pem(b"authority")]),
        (URL, ca, lambda _: [pem(b"broker")]),
        (URL, ca, broken),
    ):
        assert await PairingCodes(mqtt, "quang-ngai", file, shown).code("sign-1", "x") is None
