"""Whom a device trusts behind `mqtts`: a CA file, the machine's own store, or one pinned certificate.

Each gives a function for `MqttLink(trust=...)`: it makes the context before a connect, outside the event loop.
"""

from __future__ import annotations

import hashlib
import socket
import ssl
from typing import TYPE_CHECKING

from broker.link.link import LinkRefusedError
from broker.runtime.files import write_safely

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.link.address import Address

FETCH_S = 5.0


def trust_file(ca: Path | None) -> Callable[[], ssl.SSLContext]:
    """Trust the authorities of a PEM file, or of the machine when there is none given."""

    def make() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(ca) if ca is not None else None)

    return make


def trust_fingerprint(address: Address, fingerprint: str, keep: Path) -> Callable[[], ssl.SSLContext]:
    """Trust the one certificate with this SHA-256 (hex), as a pairing code gives it.

    The first connect fetches it from the chain that the broker shows and keeps it in a PEM file; host name and chain
    are then checked as always. A chain without it is LinkRefusedError, a broker that cannot be reached an OSError.
    """

    def make() -> ssl.SSLContext:
        if not (keep.exists() and fingerprint_of(keep.read_text()) == fingerprint):
            shown = {fingerprint_of(pem): pem for pem in shown_chain(address)}
            if fingerprint not in shown:
                raise LinkRefusedError(f"{address.url} does not show the certificate of the pairing code: pair again")
            keep.parent.mkdir(parents=True, exist_ok=True)
            write_safely(keep, shown[fingerprint])
        return ssl.create_default_context(cafile=str(keep))

    return make


def shown_chain(address: Address) -> list[str]:
    """Give the certificates that a server shows, as PEM and without trusting any of them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    plain = socket.create_connection((address.host, address.port), timeout=FETCH_S)
    with plain, context.wrap_socket(plain, server_hostname=address.host) as wrapped:
        if hasattr(wrapped, "get_unverified_chain"):
            return [ssl.DER_cert_to_PEM_cert(der) for der in wrapped.get_unverified_chain()]
        # Python has the method in public from 3.13 on; before, only its inner object knows the chain.
        inner = wrapped._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
        return [certificate.public_bytes() for certificate in inner.get_unverified_chain()]


def fingerprint_of(pem: str) -> str:
    """Return the SHA-256 of a certificate, in hex; ValueError when it is none."""
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
