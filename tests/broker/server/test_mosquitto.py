"""The files of a broker, and the sentences when it cannot run; its life and death are in `tests/system/broker`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from broker.contract.access_list import Access
from broker.server.dynamic_security import change_rules, document, hashed, rules, same_rules
from broker.server.mosquitto import SECURITY_FILE, BrokerError, Mosquitto, free_port, write_files
from broker.server.mosquitto_config import Listener, Tls, config_text


async def test_without_mosquitto_the_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path: None)  # noqa: ARG005 - as shutil.which
    with pytest.raises(BrokerError, match="install the Debian package mosquitto, or give --mqtt URL"):
        async with Mosquitto(tmp_path, "c"):
            pass


def test_credentials_of_devices_are_kept_when_the_files_are_written_again(tmp_path: Path) -> None:
    listeners = [Listener("127.0.0.1", free_port("127.0.0.1", 0))]
    write_files(tmp_path, "c", "first", listeners, None)
    security = tmp_path / SECURITY_FILE
    found = json.loads(security.read_text())
    found["clients"].append({"username": "kiosk-1", "roles": [{"rolename": "kiosk-1"}], **hashed("x")})
    found["roles"].append({"rolename": "kiosk-1", "acls": []})
    security.write_text(json.dumps(found))
    write_files(tmp_path, "c", "second", listeners, None)
    again = json.loads(security.read_text())

    assert [client["username"] for client in again["clients"]] == ["controller", "kiosk-1"]
    assert again["clients"][0]["password"] != found["clients"][0]["password"]
    assert again["roles"][1] == {"rolename": "kiosk-1", "acls": []}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"clients": 3}', '{"clients": ["x"]}'])
def test_credentials_that_cannot_be_read_stop_the_start_and_are_left_alone(tmp_path: Path, content: str) -> None:
    (tmp_path / SECURITY_FILE).write_text(content)
    with pytest.raises(BrokerError, match="luot broker-files --from STORE"):
        write_files(tmp_path, "c", "x", [], None)

    assert (tmp_path / SECURITY_FILE).read_text() == content


def test_the_controller_rules_its_centre_and_nobody_else_anything() -> None:
    found = document("c", "x")

    assert found["defaultACLAccess"] == {
        "publishClientSend": False, "publishClientReceive": False, "subscribe": False, "unsubscribe": True,
    }  # fmt: skip
    assert {(rule["acltype"], rule["topic"]) for rule in found["roles"][0]["acls"]} == {
        (act, topic)
        for act in ("publishClientSend", "publishClientReceive", "subscribePattern")
        for topic in ("luot/v1/c/#", "$CONTROL/dynamic-security/#")
    }


def test_rules_are_the_same_in_any_order_and_differ_by_one() -> None:
    one, other = rules(Access(("a", "b"), ("c",))), rules(Access(("b", "a"), ("c",)))

    assert same_rules(one, other)
    assert not same_rules(one, rules(Access(("a",), ("c",))))
    assert change_rules("k", Access(("a",), ()))[0]["acls"] == [
        {"acltype": "publishClientSend", "topic": "a", "priority": 0, "allow": True}
    ]


def test_the_configuration_holds_what_was_measured() -> None:
    text = config_text(
        plugin=Path("/p.so"), security=Path("/s.json"), user="mosquitto",
        listeners=[Listener("127.0.0.1", 1883), Listener("0.0.0.0", 8883, Tls(Path("/c"), Path("/k"), Path("/a")))],  # noqa: S104 - a text only
    )  # fmt: skip
    lines = text.splitlines()

    assert {"allow_anonymous false", "set_tcp_nodelay true", "persistence false", "user mosquitto"} <= set(lines)
    assert "max_queued_messages 0" not in lines
    assert lines[lines.index("listener 1883 127.0.0.1") + 1] == "use_username_as_clientid true"
    assert lines[lines.index("listener 8883 0.0.0.0") :] == [
        "listener 8883 0.0.0.0", "use_username_as_clientid true", "max_connections 4064", "certfile /c", "keyfile /k",
        "tls_version tlsv1.2", "cafile /a",
    ]  # fmt: skip
