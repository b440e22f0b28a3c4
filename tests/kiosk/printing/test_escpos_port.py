"""Bytes of a slip, and the ways to printers."""

from __future__ import annotations

import os
import socket
import threading
import tty
from typing import TYPE_CHECKING

import pytest

from deploy.demo.escpos_reader import Printout, Reader
from kiosk.printing.escpos_port import PortDown, open_port, recovery_bytes, slip_bytes
from tests.gallery.kiosk.slip_specimens import specimen_config, specimen_slip, specimen_ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL import Image

    from kiosk.printing.painter import SlipPainter


def printed(data: bytes) -> list[Printout]:
    """Read bytes back with the demonstration's reader; a byte that it does not know fails the test."""
    reader = Reader()
    found = [meaning for raw in reader.split(data) if isinstance(meaning := reader.act(raw), Printout)]
    assert reader.unknown == 0
    assert not reader.unfinished
    return found


@pytest.fixture(params=[58, 80])
def image(request: pytest.FixtureRequest, painter: SlipPainter) -> Image.Image:
    return painter.paint(specimen_ticket(), specimen_slip(), specimen_config(width_mm=request.param))


def test_the_bytes_of_a_slip_are_its_dots_and_one_cut(image: Image.Image) -> None:
    slips = printed(slip_bytes(image))
    assert [slip.cut for slip in slips] == [True]
    paper = slips[0].image
    assert paper is not None
    assert paper.width == image.width
    assert paper.crop((0, 0, image.width, image.height)).tobytes() == image.tobytes()


def test_a_slip_begins_with_a_reset_and_asks_for_no_code_page(image: Image.Image) -> None:
    data = slip_bytes(image)
    assert data.startswith(b"\x1b@")
    assert b"\x1bt" not in data[:8]


def test_a_slip_after_a_broken_one_is_not_swallowed_by_its_open_strip(image: Image.Image) -> None:
    whole = slip_bytes(image)
    for cut_off in (9, 40, 5000, len(whole) // 2):
        slips = printed(whole[:cut_off] + recovery_bytes(fill=True) + whole)
        last = slips[-1].image
        assert last is not None
        assert last.crop((0, 0, image.width, image.height)).tobytes() == image.tobytes()
        assert all(slip.cut for slip in slips)


def test_a_torn_half_is_cut_off_before_the_next_slip(image: Image.Image) -> None:
    whole = slip_bytes(image)
    strip = whole.index(b"\x1dv0", 20)
    slips = printed(whole[:strip] + recovery_bytes(fill=False) + whole)
    assert [slip.image is not None for slip in slips] == [True, True]
    assert recovery_bytes(fill=False) == b"\x1b@\x1dVB\x00"


def test_a_plain_file_gets_slip_after_slip(tmp_path: Path) -> None:
    path = tmp_path / "slips.bin"
    for content in (b"first", b"second"):
        port = open_port(f"file:{path}")
        port.open()
        assert port.write(content, 1) == len(content)
        port.close()
    assert path.read_bytes() == b"firstsecond"


def test_a_file_that_cannot_be_opened_is_a_port_that_is_down(tmp_path: Path) -> None:
    with pytest.raises(PortDown, match="cannot be reached"):
        open_port(f"file:{tmp_path}/nowhere/slips.bin").open()


def test_a_printer_that_nobody_answers_for_is_down() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = open_port(f"tcp://127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(PortDown, match="cannot be reached"):
            port.open()


def test_a_port_that_is_not_open_says_so() -> None:
    port = open_port("tcp://127.0.0.1:9100")
    with pytest.raises(PortDown, match="not open"):
        port.write(b"x", 0)
    with pytest.raises(PortDown, match="not open"):
        port.read(0)
    port.close()


def test_usb_without_its_library_or_without_the_printer_is_down() -> None:
    with pytest.raises(PortDown, match=r"pyusb|cannot be reached"):
        open_port("usb:0001:0002").open()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_network_printer_is_written_to_and_read_from(listener: socket.socket) -> None:
    port = open_port(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    port.open()
    with listener.accept()[0] as peer:
        assert port.write(b"\x10\x04\x01", 1) == 3
        assert peer.recv(10) == b"\x10\x04\x01"
        assert port.read(0) == b""
        peer.sendall(b"\x12")
        assert port.read(2) == b"\x12"
        port.close()
        assert peer.recv(10) == b""


def test_a_printer_that_takes_nothing_more_is_told_by_zero_and_never_by_waiting(listener: socket.socket) -> None:
    port = open_port(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    port.open()
    with listener.accept()[0]:
        block = bytes(8192)
        while port.write(block, 0.05):
            pass
        assert port.write(block, 0) == 0
    port.close()


def test_a_printer_that_hangs_up_is_down(listener: socket.socket) -> None:
    port = open_port(f"tcp://127.0.0.1:{listener.getsockname()[1]}")
    port.open()
    listener.accept()[0].close()
    with pytest.raises(PortDown, match="closed the connection"):
        port.read(2)
    port.close()


def test_a_serial_printer_gets_every_byte_as_it_is(image: Image.Image) -> None:
    master, slave = os.openpty()
    tty.setraw(slave)
    data = slip_bytes(image)
    got = bytearray()

    def drain() -> None:
        while len(got) < len(data):
            got.extend(os.read(master, 4096))

    drain_thread = threading.Thread(target=drain, daemon=True)
    port = open_port(f"serial:{os.ttyname(slave)}@115200")
    port.open()
    drain_thread.start()
    left = memoryview(data)
    while left:
        left = left[port.write(left, 1) :]
    drain_thread.join(10)
    assert bytes(got) == data
    os.write(master, b"\x12")
    assert port.read(2) == b"\x12"
    assert 0.1 < port.patience_s < 2
    port.close()
    os.close(master)
    os.close(slave)
