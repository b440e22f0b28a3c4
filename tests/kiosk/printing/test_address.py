"""Addresses of printers."""

from __future__ import annotations

import pytest

from kiosk.printing.address import (
    Address,
    FileAddress,
    SerialAddress,
    TcpAddress,
    UsbAddress,
    is_loopback,
    parse_address,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.0.2.7:9100", TcpAddress("192.0.2.7", 9100)),
        ("tcp://printer-1.local:9100", TcpAddress("printer-1.local", 9100)),
        ("usb:04b8:0e15", UsbAddress(0x04B8, 0x0E15)),
        ("usb:0x04b8:0x0e15", UsbAddress(0x04B8, 0x0E15)),
        ("serial:/dev/ttyUSB0@115200", SerialAddress("/dev/ttyUSB0", 115200)),
        ("file:/dev/usb/lp0", FileAddress("/dev/usb/lp0")),
        ("file:///var/lib/luot/slips.bin", FileAddress("/var/lib/luot/slips.bin")),
        ("file:slips.bin", FileAddress("slips.bin")),
    ],
)
def test_each_form_is_read(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "", "tcp://", "tcp://host", "tcp://host:0", "tcp://host:65536", "tcp://a b:9100", "usb:04b8", "usb:xyz:0e15",
        "serial:ttyUSB0@9600", "serial:/dev/ttyUSB0", "file:", "lpr://host", "192.0.2.7:9100",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_that_are_known(text: str) -> None:
    with pytest.raises(ValueError, match="tcp://HOST:PORT, usb:VENDOR:PRODUCT"):
        parse_address(text)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_this_machine_itself_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "qms.example", "localhost.example", ""])
def test_other_machines_are_not_taken_for_this_one(host: str) -> None:
    assert not is_loopback(host)
