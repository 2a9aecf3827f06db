"""From which network a request comes: the only thing known of a caller who shows no credential."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import cast

from litestar.types import Scope

Proxy = IPv4Network | IPv6Network

_KEY = "network"
_UNKNOWN = "unknown"
_HOME_BITS = 64
_MOST_REMEMBERED = 4096


class Networks:
    """Finds a caller's network: the IPv4 address, or the first 64 bits of the IPv6 address.

    `X-Forwarded-For` is believed as far as it was written by `proxies`, from its end backwards; nobody else is, and no
    other header. Who could choose a network would never run into a limit.
    """

    def __init__(self, proxies: Sequence[Proxy]) -> None:
        self._proxies = tuple(proxies)

    def find(self, scope: Scope) -> str:
        """The network, which is also left in the scope for `network_of`."""
        client = scope.get("client")
        found = network_text(self._caller(scope, _address(client[0]) if client else None))
        scope["state"][_KEY] = found
        return found

    def _caller(self, scope: Scope, peer: IPv4Address | IPv6Address | None) -> IPv4Address | IPv6Address | None:
        for hop in reversed(_forwarded(scope)):
            if peer is None or not any(peer in proxy for proxy in self._proxies):
                return peer
            said = _address(hop)
            if said is None:
                return peer
            peer = said
        return peer


def network_of(scope: Scope) -> str:
    """What `Networks` found for this request."""
    return cast("str", scope["state"].get(_KEY, _UNKNOWN))


@lru_cache(_MOST_REMEMBERED)
def network_text(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return _UNKNOWN
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), _HOME_BITS), strict=False))


def _forwarded(scope: Scope) -> list[str]:
    """All hops named, the nearest last. Several headers count as one."""
    given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [hop for hop in ",".join(given).split(",") if hop.strip()]


@lru_cache(_MOST_REMEMBERED)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address, with or without a port; IPv4 as such also where it is written as IPv6."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
