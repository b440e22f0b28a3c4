"""A device that has gone mad: publishes as fast as it is told, over a bare socket, in a process of its own.

    python tests/system/flooder.py PORT DEVICE PASSWORD TOPIC RATE SECONDS QOS

It signs in again whenever it is put out, and prints how many messages it handed to the network and how often it was in.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import threading
import time

STEP_S = 0.01
PAUSE = threading.Event()
"""Never set: it only paces."""


def text(words: str) -> bytes:
    raw = words.encode()
    return struct.pack(">H", len(raw)) + raw


def packet(kind: int, body: bytes) -> bytes:
    length, header = len(body), bytearray([kind])
    while True:
        length, digit = length // 128, length % 128
        header.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(header) + body


def sign_in(port: int, device: str, password: str) -> socket.socket | None:
    """Connect over MQTT 3.1.1; None when the broker does not let it in."""
    try:
        connection = socket.create_connection(("127.0.0.1", port), timeout=2)
        body = text("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 15) + text(device) + text(device) + text(password)
        connection.sendall(packet(0x10, body))
        answer = connection.recv(4)
    except OSError:
        return None
    return connection if answer == b"\x20\x02\x00\x00" else None


def flood(connection: socket.socket, batch: bytes, until: float) -> int:
    """Send a batch each step until the time is over or the connection is; return how many batches went out."""
    sent, due, left = 0, time.monotonic(), memoryview(batch)
    connection.setblocking(False)
    while time.monotonic() < until:
        readable, writable, _ = select.select([connection], [connection], [], 1.0)
        try:
            if readable and not connection.recv(65536):
                return sent
            left = left[connection.send(left) :] if writable else left
        except BlockingIOError:
            continue
        except OSError:
            return sent
        if not left:
            sent, due, left = sent + 1, due + STEP_S, memoryview(batch)
            PAUSE.wait(max(0.0, due - time.monotonic()))
    return sent


def main() -> None:
    port, device, password, topic, rate, seconds, qos = sys.argv[1:]
    message = json.dumps({"id": "00000000-0000-4000-8000-000000000000", "op": "time"}).encode()
    body = text(topic) + (b"\x00\x01" if qos == "1" else b"") + message
    each = max(1, int(int(rate) * STEP_S))
    batch, sent, entered = packet(0x30 | int(qos) << 1, body) * each, 0, 0
    until = time.monotonic() + float(seconds)
    sys.stdout.write("flooding\n")
    sys.stdout.flush()
    while time.monotonic() < until:
        connection = sign_in(int(port), device, password)
        if connection is None:
            PAUSE.wait(0.05)
            continue
        entered += 1
        sent += flood(connection, batch, until) * each
        connection.close()
    sys.stdout.write(json.dumps({"sent": sent, "entered": entered}) + "\n")


if __name__ == "__main__":
    main()
