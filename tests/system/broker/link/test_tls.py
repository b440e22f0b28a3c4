"""Trust behind mqtts: by the authority's file, by a pairing code's fingerprint, and refused otherwise."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import ssl
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from broker.link.address import Address
from broker.link.backoff import Backoff
from broker.link.link import LinkRefusedError
from broker.link.mqtt_link import MqttLink
from broker.link.tls import trust_file, trust_fingerprint
from broker.runtime.clock import SystemClock
from broker.server.mosquitto_config import Listener, Tls

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.system
PATIENCE_S = 10.0


@dataclass
class Papers:
    """An authority and a broker's certificate that it signed."""

    ca: Path
    cert: Path
    key: Path

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(self.ca.read_text())).hexdigest()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Centre")
    openssl(
        "req", "-x509", *key, "-keyout", "broker.key", "-out", "broker.pem", "-subj", "/CN=broker",
        "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE",
    )  # fmt: skip
    return Papers(folder / "ca.pem", folder / "broker.pem", folder / "broker.key")


async def signs_in(link: MqttLink) -> None:
    """Run a link until it has connected; what ends it before is raised."""
    connected = asyncio.Event()

    async def hear() -> None:
        connected.set()

    link.on_connect(hear)
    tasks: list[asyncio.Task[Any]] = [asyncio.create_task(link.run()), asyncio.create_task(connected.wait())]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert done
    for task in done:
        task.result()


def listener(papers: Papers) -> list[Listener]:
    return [Listener("127.0.0.1", 0, Tls(papers.cert, papers.key, papers.ca))]


def controller(given: Any, trust: Callable[[], ssl.SSLContext]) -> MqttLink:
    address = Address("127.0.0.1", given.port, tls=True)
    return MqttLink(address, "quang-ngai", "controller", given.password, SystemClock(), trust=trust)


async def test_a_link_trusts_the_authority_of_a_file(papers: Papers, given_broker: Callable[..., Any]) -> None:
    async with given_broker("quang-ngai", listener(papers)) as given:
        await signs_in(controller(given, trust_file(papers.ca)))


async def test_a_link_fetches_pins_and_keeps_the_certificate_of_its_pairing_code(
    papers: Papers, given_broker: Callable[..., Any], tmp_path: Path
) -> None:
    keep = tmp_path / "device" / "authority.pem"
    async with given_broker("quang-ngai", listener(papers)) as given:
        address = Address("127.0.0.1", given.port, tls=True)
        await signs_in(controller(given, trust_fingerprint(address, papers.fingerprint, keep)))
        kept = keep.stat().st_mtime_ns
        await signs_in(controller(given, trust_fingerprint(address, papers.fingerprint, keep)))

    assert ssl.PEM_cert_to_DER_cert(keep.read_text()) == ssl.PEM_cert_to_DER_cert(papers.ca.read_text())
    assert keep.stat().st_mtime_ns == kept


async def test_another_certificate_than_the_pairing_codes_is_refused(
    papers: Papers, given_broker: Callable[..., Any], tmp_path: Path
) -> None:
    async with given_broker("quang-ngai", listener(papers)) as given:
        address = Address("127.0.0.1", given.port, tls=True)
        with pytest.raises(LinkRefusedError, match="pair again"):
            await signs_in(controller(given, trust_fingerprint(address, "0" * 64, tmp_path / "authority.pem")))

    assert not (tmp_path / "authority.pem").exists()


@pytest.mark.filterwarnings(
    "ignore:.*SSLSocket:pytest.PytestUnraisableExceptionWarning"
)  # paho leaves it to the collector
async def test_an_authority_that_nobody_named_is_not_trusted(papers: Papers, given_broker: Callable[..., Any]) -> None:
    told: asyncio.Queue[str] = asyncio.Queue()
    async with given_broker("quang-ngai", listener(papers)) as given:
        address = Address("127.0.0.1", given.port, tls=True)
        link = MqttLink(
            address, "quang-ngai", "controller", given.password, SystemClock(),
            trust=trust_file(None), trouble=told.put_nowait,
        )  # fmt: skip
        link._backoff = Backoff(first=0.01, most=0.01)
        running = asyncio.create_task(link.run())
        sentence = await asyncio.wait_for(told.get(), PATIENCE_S)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    del link, running
    gc.collect()
    assert "certificate" in sentence.lower()
