"""HTTP to addresses that tenants name: only to public ones, over TLS, and for so many bytes and seconds."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

import httpcore
import msgspec

from infra.inner_networks import NotAllowed, Resolving, by_system, outer_address

_HTTPS_PORT = 443
_MOST_HOPS = 3
_MOVED = frozenset({301, 302, 303, 307, 308})
_ONE_STEP_SECONDS = 5.0
_TIMEOUTS = MappingProxyType(dict.fromkeys(("connect", "read", "write", "pool"), _ONE_STEP_SECONDS))
_UNPACKED = MappingProxyType({"Accept-Encoding": "identity", "User-Agent": "Frontdesk"})
Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class TooLarge(Exception):
    """The answer is longer than was allowed."""


class Answer(msgspec.Struct, frozen=True):
    """What a server answered. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class OuterHttp:
    """Reads from the internet. With `inner_allowed`, from anywhere, and without TLS.

    A name is resolved once for each connection, and the address that was judged is the one that is used. A redirection
    is followed, three in a row at most, where it leads to what might have been asked for in the first place. Nothing
    that is packed is unpacked. `trusting` says whose certificates are good: by default, those that the machine trusts.
    """

    def __init__(
        self, *, inner_allowed: bool, trusting: ssl.SSLContext | None = None, resolving: Resolving = by_system
    ) -> None:
        self._inner_allowed = inner_allowed
        self._trusting = trusting or ssl.create_default_context()
        self._resolving = resolving

    async def get(self, url: str, headers: Mapping[str, str], *, most: int, seconds: float) -> Answer:
        """Read at most `most` bytes within `seconds`.

        Raises `NotAllowed`, `TooLarge`, `TimeoutError`, `OSError`, `ValueError`, or an error of httpcore's.
        """
        backend = _Judging(inner_allowed=self._inner_allowed, resolving=self._resolving)
        async with (
            asyncio.timeout(seconds),
            httpcore.AsyncConnectionPool(ssl_context=self._trusting, network_backend=backend) as pool,
        ):
            for _ in range(_MOST_HOPS + 1):
                self._must_be_allowed(url)
                answer = await _read(pool, url, {**_UNPACKED, **headers}, most)
                if answer.status not in _MOVED or "location" not in answer.headers:
                    return answer
                url = urljoin(url, answer.headers["location"])
        raise NotAllowed(url)

    def _must_be_allowed(self, url: str) -> None:
        parts = urlsplit(url)
        port = parts.port or _HTTPS_PORT
        is_outer = parts.scheme == "https" and port == _HTTPS_PORT
        is_known = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
        if not is_known or not (is_outer or self._inner_allowed):
            raise NotAllowed(url)


async def _read(pool: httpcore.AsyncConnectionPool, url: str, headers: Mapping[str, str], most: int) -> Answer:
    """The body of a redirection is not read."""
    asked = pool.stream("GET", url, headers=list(headers.items()), extensions={"timeout": dict(_TIMEOUTS)})
    async with asked as response:
        found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if found.get("content-encoding", "identity") != "identity":
            raise ValueError("The answer is packed, though that was not asked for.")
        body = bytearray()
        if response.status not in _MOVED:
            async for piece in response.aiter_stream():
                body += piece
                if len(body) > most:
                    raise TooLarge(url)
    return Answer(response.status, found, bytes(body))


class _Judging(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were judged."""

    def __init__(self, *, inner_allowed: bool, resolving: Resolving) -> None:
        self._inner_allowed = inner_allowed
        self._resolving = resolving
        self._connecting = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is that of httpcore
        local_address: str | None = None,
        socket_options: Iterable[Option] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        address = await outer_address(host, port, inner_allowed=self._inner_allowed, resolving=self._resolving)
        return await self._connecting.connect_tcp(address, port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
