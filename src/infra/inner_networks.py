"""Keeps the server from being led to its own neighbours: a name is resolved once, judged, and that address is used."""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence

_PATIENCE = 4.0
_Address = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]
Resolved = tuple[socket.AddressFamily, socket.SocketKind, int, str, _Address]
Resolving = Callable[[str, int], Awaitable[Sequence[Resolved]]]
"""Finds all addresses of a name and a port: at least one, or raises `OSError`."""


class NotAllowed(Exception):
    """The name leads into an inner network."""


async def by_system(host: str, port: int) -> Sequence[Resolved]:
    """As the machine resolves names."""
    return await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)


async def outer_socket(host: str, port: int, *, inner_allowed: bool, resolving: Resolving = by_system) -> socket.socket:
    """A connection to `host`. Raises `NotAllowed` where any of its addresses is not a public one, else `OSError`."""
    async with asyncio.timeout(_PATIENCE):
        family, kind, protocol, _, address = _judged(await resolving(host, port), host, inner_allowed=inner_allowed)
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(opened, address)
        except BaseException:
            opened.close()
            raise
    return opened


async def outer_address(host: str, port: int, *, inner_allowed: bool, resolving: Resolving = by_system) -> str:
    """Where `host` is: connect there, and do not ask again. Raises as `outer_socket` does."""
    async with asyncio.timeout(_PATIENCE):
        *_, address = _judged(await resolving(host, port), host, inner_allowed=inner_allowed)
    return str(address[0])


def _judged(found: Sequence[Resolved], host: str, *, inner_allowed: bool) -> Resolved:
    """The first of a host's addresses, all of which are allowed."""
    if not inner_allowed and not all(is_public(str(address[0])) for *_, address in found):
        raise NotAllowed(host)
    return found[0]


def is_public(address: str) -> bool:
    """Whether everybody on the internet may mean it. What is wrapped in an IPv6 address is judged by itself."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    if any(found in each for each in _INNER):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_INNER = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "64:ff9b:1::/48",
            "100:0:0:1::/64",
            "2001::/23",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
        ),
    )
)
"""Of which the library, in one version or another, says that they are global: RFC 6890 with its updates, RFC 3879."""
