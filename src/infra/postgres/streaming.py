"""Events on their way to sockets: which are, and waking the relay that numbers them."""

import asyncio
from collections.abc import Callable, Mapping
from types import MappingProxyType

import asyncpg
import msgspec
import structlog

WAKE = "frontdesk_wake"
_TOGETHER_SECONDS = 0.005
_PAUSE_AFTER_FAILURE_SECONDS = 0.5
_MOST_SECONDS = 2.0

_log = structlog.get_logger("waker")


class Streaming(msgspec.Struct, frozen=True):
    """The audience of each type of event that sockets hear of. `wake` is called after a commit that stored one."""

    audiences: Mapping[str, str]
    wake: Callable[[], None]


def nobody() -> None:
    """The relay looks by itself every second."""


SILENT = Streaming(MappingProxyType({}), nobody)


class Waker:
    """Wakes the relay over a connection of its own, once for all that was committed within 5 ms.

    NOTIFY in a use case's transaction would make all commits wait for one another.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._wanted = asyncio.Event()

    def wake(self) -> None:
        self._wanted.set()

    async def run(self) -> None:
        while True:
            try:
                await self._ring()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("relay_not_woken", reason=type(error).__name__)
                await asyncio.sleep(_PAUSE_AFTER_FAILURE_SECONDS)

    async def _ring(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=_MOST_SECONDS, command_timeout=_MOST_SECONDS)
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                await connection.execute(f"notify {WAKE}")
                await asyncio.sleep(_TOGETHER_SECONDS)
        finally:
            connection.terminate()
