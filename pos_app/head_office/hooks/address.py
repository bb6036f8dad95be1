"""Which addresses a hook may reach, so that no hook makes the server knock inside its own network.

A URL is ``https://``; ``http://`` only to this computer itself. Every address that its name has at
the moment of sending is looked at, and the connection goes to the very address that was looked
at: public addresses are open, all others (private, loopback, link-local, multicast, reserved, and
IPv6 forms that carry an IPv4 address) only within networks that the server was started with.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from pos_app.head_office.errors import HookAddressRefused, HookUnfit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_LONGEST: Final = 1000
_PORTS: Final = {"https": 443, "http": 80}
_TRANSLATED: Final = (
    ipaddress.ip_network("64:ff9b::/96"),
    ipaddress.ip_network("64:ff9b:1::/48"),
    ipaddress.ip_network("::/96"),
)
"""IPv6 addresses behind which an IPv4 address stands (RFC 6052, RFC 8215, RFC 4291)."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: `path` with its question."""

    secure: bool
    host: str
    port: int
    path: str


def target_of(url: str) -> Target:
    """Return where a URL leads; raises `HookUnfit`."""
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= _LONGEST
    try:
        parts = urlsplit(url if plain else "")
        host, port = parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise HookUnfit(problem="url") from None
    if parts.scheme not in _PORTS or not host or not port or parts.fragment:
        raise HookUnfit(problem="url")
    if parts.username is not None or parts.password is not None:
        raise HookUnfit(problem="password")
    if parts.scheme == "http" and not _loopback(host):
        raise HookUnfit(problem="http")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path)


def networks_of(named: Iterable[str]) -> tuple[Network, ...]:
    """Return networks by their names (``10.0.0.0/8``); raises `HookUnfit`."""
    try:
        return tuple(ipaddress.ip_network(each) for each in named)
    except ValueError:
        raise HookUnfit(problem="network") from None


def address_of(target: Target, allowed: tuple[Network, ...]) -> str:
    """Return an address of a target's host, all of which may be reached.

    Raises `HookAddressRefused`, or `OSError` where the name leads nowhere.
    """
    found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for each in addresses:
        if not may_reach(each, allowed):
            raise HookAddressRefused(host=target.host, address=str(each))
    return str(addresses[0])


def may_reach(address: Address, allowed: tuple[Network, ...]) -> bool:
    """Tell whether an address is public, or within an allowed network."""
    inside = address
    if isinstance(address, ipaddress.IPv6Address):
        inside = address.ipv4_mapped or address
    if any(inside in network for network in allowed if network.version == inside.version):
        return True
    if isinstance(inside, ipaddress.IPv6Address) and _carries_another(inside):
        return False
    return inside.is_global and not inside.is_multicast


def _carries_another(address: ipaddress.IPv6Address) -> bool:
    tunnelled = address.sixtofour is not None or address.teredo is not None
    return tunnelled or any(address in network for network in _TRANSLATED)


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
