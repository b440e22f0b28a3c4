"""The door to python-escpos: its commands make the bytes of a job, its printers open the ways that they go.

Only opening, closing and the commands are its own; sending and reading go over the file descriptor or the USB endpoint
with times that we set. Its printers write blindly, read 16 bytes at a time, wait for a minute and never say how much
of a slip is on its way (docs/printing.md).
"""

from __future__ import annotations

import os
import select
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from escpos.exceptions import Error as EscposError
from escpos.printer import Dummy, File, Network, Serial, Usb

from kiosk.printing.address import FileAddress, SerialAddress, TcpAddress, UsbAddress, parse_address
from kiosk.printing.raster import STRIP_ROWS, strips
from kiosk.printing.status import AUTOMATIC, QUIET

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL import Image

    from kiosk.printing.address import Address

CONNECT_S = 2.5
CHUNK = 8192
USB_MS = 500
MOST_DOTS = 576

PROFILE = "slip"
"""The profile of `capabilities.yml`."""


class PortDown(Exception):  # noqa: N818 - it names the state of the port
    """The printer cannot be reached, or the way to it broke; one sentence says why."""


class Port(Protocol):
    """A way to one printer. Everything here blocks and is called from that printer's one worker thread.

    `patience_s` is how long the bytes that `write` has taken may still be on their way. `lasting` tells that what was
    taken is on a disk: a plain file, which can answer nothing.
    """

    patience_s: float
    lasting: bool

    def open(self) -> None:
        """Connect anew; `PortDown` when the printer cannot be reached."""
        ...

    def write(self, data: bytes | memoryview, timeout: float) -> int:
        """Give the number of bytes that were taken within `timeout` seconds, 0 for none; `PortDown` when it broke."""
        ...

    def read(self, timeout: float) -> bytes:
        """Give what the printer sent within `timeout` seconds; `PortDown` when the printer closed the way."""
        ...

    def close(self) -> None:
        """Disconnect; a port that is not open stays so."""
        ...


def slip_bytes(image: Image.Image) -> bytes:
    """Give the bytes of one slip: reset, raster strips, cut."""
    printer = Dummy(profile=PROFILE)
    printer.hw("INIT")
    start = printer.output
    printer.clear()
    for strip in strips(image):
        printer.image(strip, impl="bitImageRaster", fragment_height=STRIP_ROWS)
    printer.cut()
    return bytes(start + AUTOMATIC + printer.output + QUIET)


def recovery_bytes(*, fill: bool) -> bytes:
    """Give what goes before the next slip after one that broke off: a cut, so that the torn half is not handed out.

    With `fill`, white rows come first, enough to end a strip that the printer may still be waiting for.
    """
    printer = Dummy(profile=PROFILE)
    printer.hw("INIT")
    printer.cut(feed=False)
    return (bytes(MOST_DOTS // 8 * STRIP_ROWS) if fill else b"") + bytes(printer.output)


def open_port(address: str) -> Port:
    """Give the port for an address of the configuration, not yet open; a bad address is a ValueError."""
    return _port(parse_address(address))


def _port(address: Address) -> Port:
    match address:
        case TcpAddress():
            return DescriptorPort(lambda: _connected(address))
        case SerialAddress():
            # 8 data bits, a start and a stop bit: ten bits a byte of the line's own buffer.
            patience = CHUNK * 10 / address.baud
            return DescriptorPort(lambda: _serial(address), patience)
        case FileAddress():
            return _file_port(Path(address.path))
        case UsbAddress():
            return UsbPort(address)


def _connected(address: TcpAddress) -> Any:  # noqa: ANN401 - python-escpos ships no types
    """Connect in place of python-escpos's own way, which leaves its socket open when nobody answers."""
    way = socket.create_connection((address.host, address.port), CONNECT_S)
    way.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    printer = Network(address.host, address.port)
    printer.device = way
    return printer


def _serial(address: SerialAddress) -> Any:  # noqa: ANN401 - python-escpos ships no types
    if not Serial.is_usable():
        raise PortDown("serial printers need the package pyserial")
    return Serial(address.path, address.baud, timeout=0, dsrdtr=False)


def _file_port(path: Path) -> Port:
    with suppress(OSError):
        if stat.S_ISCHR(path.stat().st_mode):
            return DescriptorPort(lambda: _opened(path, "r+b"))
    return DescriptorPort(lambda: _opened(path, "ab"), lasting=True)


def _opened(path: Path, mode: str) -> Any:  # noqa: ANN401 - python-escpos ships no types
    """Open a file printer without python-escpos's own open, which empties a plain file and cannot read a device."""
    printer = File(devfile=str(path))
    printer.device = path.open(mode, buffering=0)
    return printer


class DescriptorPort:
    """A printer behind a file descriptor: a socket, a serial line or a file."""

    def __init__(self, connect: Callable[[], Any], patience_s: float = 0.0, *, lasting: bool = False) -> None:
        self.patience_s = patience_s
        self.lasting = lasting
        self._connect = connect
        self._printer: Any = None
        self._descriptor = -1

    def open(self) -> None:
        """Connect anew."""
        self.close()
        try:
            printer = self._connect()
            self._descriptor = printer.device.fileno()
            os.set_blocking(self._descriptor, False)
        except (EscposError, OSError, ValueError) as error:
            raise PortDown(f"the printer cannot be reached: {_sentence(error)}") from error
        self._printer = printer

    def write(self, data: bytes | memoryview, timeout: float) -> int:
        """Give the number of bytes that were taken."""
        self._must_be_open()
        try:
            if not select.select([], [self._descriptor], [], timeout)[1]:
                return 0
            count = os.write(self._descriptor, data[:CHUNK])
            if self.lasting:
                os.fsync(self._descriptor)
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as error:
            raise PortDown(f"the way to the printer broke: {_sentence(error)}") from error
        return count

    def read(self, timeout: float) -> bytes:
        """Give what the printer sent."""
        self._must_be_open()
        try:
            if not select.select([self._descriptor], [], [], timeout)[0]:
                return b""
            found = os.read(self._descriptor, 256)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise PortDown(f"the way to the printer broke: {_sentence(error)}") from error
        if not found:
            raise PortDown("the printer closed the connection")
        return found

    def close(self) -> None:
        """Disconnect."""
        if self._printer is None:
            return
        printer, self._printer = self._printer, None
        with suppress(OSError, EscposError):
            printer.close()

    def _must_be_open(self) -> None:
        if self._printer is None:
            raise PortDown("the port is not open")


class UsbPort:
    """A printer on USB, through its bulk endpoints."""

    patience_s = 0.0
    lasting = False

    def __init__(self, address: UsbAddress) -> None:
        self._address = address
        self._printer: Any = None
        self._packet = 64

    def open(self) -> None:
        """Claim the printer anew."""
        self.close()
        if not Usb.is_usable():
            raise PortDown("USB printers need the package pyusb and the library libusb-1.0")
        printer = Usb(self._address.vendor, self._address.product, timeout=USB_MS)
        try:
            printer.open()
            self._packet = _find_endpoints(printer)
        except (EscposError, OSError, ValueError) as error:
            raise PortDown(f"the printer cannot be reached: {_sentence(error)}") from error
        self._printer = printer

    def write(self, data: bytes | memoryview, timeout: float) -> int:
        """Give the number of bytes that were taken: one packet, so that a timeout never leaves a part untold."""
        packet = bytes(data[: self._packet])
        try:
            return int(self._device().write(self._printer.out_ep, packet, max(1, int(timeout * 1000))))
        except OSError as error:
            if "timed out" in str(error).lower():
                return 0
            raise PortDown(f"the way to the printer broke: {_sentence(error)}") from error

    def read(self, timeout: float) -> bytes:
        """Give what the printer sent."""
        try:
            return bytes(self._device().read(self._printer.in_ep, 64, max(1, int(timeout * 1000))))
        except OSError as error:
            if "timed out" in str(error).lower():
                return b""
            raise PortDown(f"the way to the printer broke: {_sentence(error)}") from error

    def close(self) -> None:
        """Give the printer back."""
        if self._printer is not None:
            printer, self._printer = self._printer, None
            with suppress(OSError, EscposError):
                printer.close()

    def _device(self) -> Any:  # noqa: ANN401 - pyusb ships no types
        if self._printer is None:
            raise PortDown("the port is not open")
        return self._printer.device


def _find_endpoints(printer: Any) -> int:  # noqa: ANN401 - python-escpos ships no types
    """Take the bulk endpoints that the printer really has, in place of python-escpos's guess; gives the packet size."""
    packet = 64
    for endpoint in printer.device.get_active_configuration()[(0, 0)]:
        if endpoint.bmAttributes & 0x03 != 0x02:
            continue
        if endpoint.bEndpointAddress & 0x80:
            printer.in_ep = endpoint.bEndpointAddress
        else:
            printer.out_ep, packet = endpoint.bEndpointAddress, int(endpoint.wMaxPacketSize)
    return packet


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
