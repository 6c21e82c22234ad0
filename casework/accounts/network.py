"""Where somebody signs in from: the address, and the network that counts as one place."""

from __future__ import annotations

import ipaddress

#: what a provider gives to one customer, roughly: whoever has one address of it has the others
_PREFIX = {4: 24, 6: 64}
UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """The network of a client's address: /24 of IPv4, /64 of IPv6; an address that is none is one network too."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip())
    except ValueError:
        return UNKNOWN
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network(f"{found}/{_PREFIX[found.version]}", strict=False))


def shown(text: str, limit: int) -> str:
    """What a client says of itself, in one line of at most ``limit`` letters."""
    return "".join(sign for sign in text if sign.isprintable())[:limit]
