"""Pairing codes: all that a device needs to sign in, in one line, where the controller knows it.

A code exists for `mqtts` only, since its end pins the authority of the broker: the controller must reach a given broker
over `mqtts` and know the authority's certificate (LUOT_CA), and the broker must show that certificate.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from typing import TYPE_CHECKING

import structlog

from broker.link.address import Pairing, pairing_code, parse_url
from broker.link.tls import fingerprint_of, shown_chain

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.link.address import Address

log = structlog.get_logger()

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


class PairingCodes:
    """Makes the codes of one centre's devices; `mqtt` is the URL of its given broker, None for the controller's own."""

    def __init__(
        self,
        mqtt: str | None,
        centre: str,
        ca: Path | None,
        shown: Callable[[Address], list[str]] = shown_chain,
    ) -> None:
        self._address = None if mqtt is None else parse_url(mqtt)
        self._centre = centre
        self._ca = ca
        self._shown = shown

    async def code(self, device: str, password: str) -> str | None:
        """Return a device's pairing code; None where devices cannot use one."""
        address = self._address
        if address is None or not address.tls or self._ca is None:
            return None
        fingerprint = await asyncio.to_thread(self._fingerprint, address, self._ca)
        if fingerprint is None:
            return None
        return pairing_code(Pairing(address, self._centre, device, password, fingerprint))

    def _fingerprint(self, address: Address, ca: Path) -> str | None:
        """Return the SHA-256 of the authority that the broker shows and LUOT_CA holds."""
        try:
            known = {fingerprint_of(pem) for pem in _CERTIFICATE.findall(ca.read_text())}
            shown = [fingerprint_of(pem) for pem in self._shown(address)]
        except (OSError, ValueError, ssl.SSLError) as error:
            log.warning("no_pairing_code", reason=str(error))
            return None
        found = [one for one in shown if one in known]
        if not found:
            advice = "give the listener its authority with cafile, or the chain in certfile"
            log.warning("no_pairing_code", reason="the broker does not show the authority of LUOT_CA", advice=advice)
            return None
        return found[-1]
