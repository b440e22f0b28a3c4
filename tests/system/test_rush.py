"""Many at once: no number twice, none missing, no ticket to two counters."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.system.centre import CENTRE

if TYPE_CHECKING:
    import httpx

    from tests.system.centre import Centre

pytestmark = pytest.mark.system

KIOSKS, EACH, CLIENTS, COUNTERS = 50, 8, 8, 8


def crowded() -> str:
    """Give the test centre with enough counters for eight officers."""
    counters = "".join(
        f'\n[[counter]]\nid = "d{index}"\nlabel = {{ vi = "Quầy D{index}" }}\nzone = "hall"\nservices = ["land"]\n'
        for index in range(COUNTERS)
    )
    return CENTRE + counters


@pytest.fixture
def crowd(own_centre_unstarted: Centre) -> Centre:
    (own_centre_unstarted.folder / "centre.toml").write_text(crowded())
    own_centre_unstarted.start()
    return own_centre_unstarted


def sign_devices_in(centre: Centre) -> None:
    """Make fifty kiosks over HTTP: the passwords are valid when the call returns."""
    admin = centre.user("quan-tri", "administrator")
    for index in range(KIOSKS):
        answer = admin.post("/devices", json={"kind": "kiosk", "id": f"kiosk-{index + 100}"})
        assert answer.status_code == 201, answer.text
        centre.passwords[answer.json()["id"]] = answer.json()["password"]


def test_fifty_kiosks_and_eight_clients_issue_at_once_and_eight_officers_call_at_once(crowd: Centre) -> None:
    sign_devices_in(crowd)
    kiosks = [crowd.peer(f"kiosk-{index + 100}").hear_own("reply") for index in range(KIOSKS)]
    clients = [crowd.user(f"can-bo-{index}", "officer") for index in range(CLIENTS)]

    def touch(index: int) -> list[str]:
        replies = [kiosks[index].request("issue", service="land") for _ in range(EACH)]
        return [reply["result"]["ticket"]["number"] for reply in replies]

    def desk(client: httpx.Client) -> list[str]:
        answers = [client.post("/tickets", json={"service": "land"}) for _ in range(EACH)]
        return [answer.json()["number"] for answer in answers]

    with ThreadPoolExecutor(KIOSKS + CLIENTS) as pool:
        touched = [pool.submit(touch, index) for index in range(KIOSKS)]
        written = [pool.submit(desk, client) for client in clients]
        numbers = [number for work in touched + written for number in work.result()]
    total = (KIOSKS + CLIENTS) * EACH
    assert sorted(numbers) == [f"A{index:03d}" for index in range(1, total + 1)]

    def serve(index: int) -> list[str]:
        client, called = clients[index], []
        assert client.post(f"/counters/d{index}/open", json={}).status_code == 200
        for _ in range(10):
            answer = client.post(f"/counters/d{index}/next", json={})
            assert answer.status_code == 200, answer.text
            called.append(answer.json()["number"])
        return called

    with ThreadPoolExecutor(COUNTERS) as pool:
        called = [
            number for work in [pool.submit(serve, index) for index in range(COUNTERS)] for number in work.result()
        ]
    assert [number for number, times in Counter(called).items() if times > 1] == []
    assert sorted(called) == [f"A{index:03d}" for index in range(1, COUNTERS * 10 + 1)]
    assert crowd.luot("verify", "--data", str(crowd.data)).returncode == 0
