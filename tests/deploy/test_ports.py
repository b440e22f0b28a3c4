"""A server of a test finds its port again, whatever connects in between."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING

from tests.support import ports
from tests.support.ports import lasting_port, outgoing_ports

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_no_outgoing_connection_is_given_the_port_while_its_server_is_away() -> None:
    port = lasting_port()
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=512))
        given = set()
        for _ in range(256):
            connection = stack.enter_context(socket.create_connection(server.getsockname()))
            given.add(connection.getsockname()[1])

        with socket.create_server(("127.0.0.1", port)) as again:
            assert again.getsockname()[1] == port
    assert given <= set(outgoing_ports())
    assert port not in outgoing_ports()


def test_a_port_that_is_taken_is_not_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    free = lasting_port()
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        asked = iter([taken, taken, free])
        monkeypatch.setattr("tests.support.ports.secrets.choice", lambda _ports: next(asked))

        assert lasting_port() == free


def test_where_every_port_may_be_given_out_one_of_them_is_returned(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "range").write_text("1024\t65535\n")
    monkeypatch.setattr(ports, "LOCAL_RANGE", tmp_path / "range")

    assert lasting_port() in range(1024, 65536)
