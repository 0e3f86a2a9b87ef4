"""Where requests may go at all."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

import httpx

Resolve = Callable[[str, int], Awaitable[tuple[str, ...]]]
"""Turns a host and a port into addresses; raises OSError when there are none."""

_METADATA: Final = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"),
    )
)
"""Where clouds hand secrets to whoever asks from inside."""
_TRANSLATED: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class EgressRefused(Exception):
    """The request may not go where it wants to.

    It is no kind of connection error on purpose: litellm answers those by sending again with a
    client of its own.
    """


async def resolve(host: str, port: int) -> tuple[str, ...]:
    """Ask the system for the addresses of *host*, without duplicates, best first."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(info[4][0]) for info in found))


def port_of(url: httpx.URL) -> int:
    """Return the port that *url* leads to."""
    return url.port or _DEFAULT_PORTS.get(url.scheme, 0)


def host_of(url: httpx.URL) -> str:
    """Return the host as it is looked up: ASCII, lower case, no brackets, no final dot."""
    return url.raw_host.decode("ascii").lower().strip("[]").rstrip(".")


async def checked_addresses(
    url: httpx.URL, allowed_hosts: frozenset[str], resolve: Resolve
) -> tuple[str, ...]:
    """Return the addresses that *url* may be dialled at; nothing else must be dialled for it.

    Public addresses by https. The operator's *allowed_hosts*, each `host` or `host:port`, may be
    private and may speak plain http then. Addresses of clouds' metadata, link-local, multicast,
    unspecified and reserved ones are refused in any case, and so is a host with one bad address
    among good ones.

    Raises:
        EgressRefused: it may not be dialled.
        OSError: the host is unknown.

    """
    if url.scheme not in _DEFAULT_PORTS or url.userinfo or not url.host:
        raise EgressRefused("not a plain http or https address")
    host, port = host_of(url), port_of(url)
    allowed = {entry.lower().replace("[", "").replace("]", "") for entry in allowed_hosts}
    is_allowed = host in allowed or f"{host}:{port}" in allowed
    addresses = await resolve(host, port)
    if not addresses:
        raise EgressRefused("the host has no address")
    for text in addresses:
        _refuse_bad(_plain(text), url.scheme, is_allowed=is_allowed)
    return addresses


def _plain(text: str) -> IPv4Address | IPv6Address:
    """Return the address that is really reached: the IPv4 one inside of an IPv6 one."""
    try:
        address = ip_address(text)
    except ValueError as error:  # such as one with a zone, which is link-local
        raise EgressRefused("not an address") from error
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def _refuse_bad(address: IPv4Address | IPv6Address, scheme: str, *, is_allowed: bool) -> None:
    never = (
        address.is_link_local
        or address.is_multicast
        or address.is_unspecified
        or (address.is_reserved and not address.is_loopback)
        or address in _METADATA
    )
    if never or str(address) == "255.255.255.255":
        raise EgressRefused("this address is never allowed")
    if not address.is_global and not is_allowed:
        raise EgressRefused("private addresses are not allowed for this host")
    if scheme == "http" and address.is_global:
        raise EgressRefused("plain http to a public address")
