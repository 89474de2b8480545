"""Addresses on the network, as limits count them."""

import ipaddress

SUBSCRIBER = 64
"""Bits of an IPv6 address that one subscriber holds; the rest he chooses as he likes."""


def network(address: str) -> str:
    """What one subscriber holds: an IPv4 address, or the first half of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, SUBSCRIBER), strict=False)) if found.version == 6 else str(found)  # noqa: PLR2004 -- IPv6
