"""Whether an address lies in a network."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


def is_within(host: str | None, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    """Return whether an address lies in one of the networks; what is no address does not."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in network for network in networks)
