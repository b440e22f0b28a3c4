"""A port that is taken: the sentence names who has it and what to do."""

from __future__ import annotations

import os
import pwd
import socket
from typing import TYPE_CHECKING

import pytest

from broker.server.mosquitto import BrokerError, free_port
from broker.server.port_holder import advice, port_holder

if TYPE_CHECKING:
    from pathlib import Path

OWN = pwd.getpwuid(os.geteuid()).pw_name


@pytest.fixture
def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_program_that_this_account_may_look_into_is_named_with_its_process(listening: socket.socket) -> None:
    with listening:
        port = listening.getsockname()[1]
        held = port_holder(port)

        assert held is not None
        assert f"(process {os.getpid()}) of the account {OWN}" in held
        with pytest.raises(BrokerError, match=rf"by \S+ \(process {os.getpid()}\)"):
            free_port("127.0.0.1", port)


def test_of_another_accounts_program_the_account_is_named(listening: socket.socket, tmp_path: Path) -> None:
    """What `ProtectProc=invisible` leaves: the table of sockets and no other account's process."""
    with listening:
        port = listening.getsockname()[1]
        (tmp_path / "net").symlink_to("/proc/self/net")

        assert port_holder(port, tmp_path) == f"the account {OWN}"


def test_nobody_holds_a_port_that_is_free(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    listening.close()

    assert port_holder(port) is None


def test_debians_own_broker_is_ended_by_its_own_command() -> None:
    assert "systemctl disable --now mosquitto" in advice("the account mosquitto")
    assert "systemctl disable --now mosquitto" in advice("mosquitto (process 7) of the account mosquitto")
    assert advice("the account www-data") == advice(None) == "stop what listens there"


@pytest.mark.parametrize("table", ["tcp", "tcp6"])
def test_a_listener_of_either_family_is_found_and_a_connection_is_not(tmp_path: Path, table: str) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / table).write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
        "   0: 00000000:075B 00000000:0000 01 00000000:00000000 00:00000000 00000000     0        0 11\n"
        "   1: 00000000:075B 00000000:0000 0A 00000000:00000000 00:00000000 00000000 65534        0 12\n"
    )

    assert port_holder(1883, tmp_path) == "the account nobody"
