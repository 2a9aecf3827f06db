"""A claim that one process at a time holds, over all machines that use the same database."""

import asyncio
from types import TracebackType
from typing import Self

import asyncpg
import structlog

_CLAIM = "select pg_try_advisory_lock($1, $2)"
_SPACE = 4_605_003
_CONNECT_SECONDS = 5.0
_TRY_SECONDS = 0.25
_TRY_AGAIN_SECONDS = 1.0


class HeldByAnother(Exception):
    """Another process has the claim, and keeps it."""


class OnlyOne:
    """Holds claim `number` by an advisory lock on a connection of its own, which no pooler may stand before.

    Entering waits `patience` seconds for a predecessor to leave, then raises `HeldByAnother`; it raises OSError or
    PostgresError where the database cannot be reached. A connection that is lost later is made again; whoever took the
    claim meanwhile is complained about in the log, and waited for.
    """

    def __init__(self, url: str, *, number: int, patience: float) -> None:
        self._url = url
        self._number = number
        self._patience = patience
        self._connection: asyncpg.Connection | None = None
        self._lost = asyncio.Event()
        self._log = structlog.get_logger("only_one")

    async def __aenter__(self) -> Self:
        deadline = asyncio.get_running_loop().time() + self._patience
        while not await self._has_claimed():
            if asyncio.get_running_loop().time() > deadline:
                await self._disconnect()
                raise HeldByAnother
            await asyncio.sleep(_TRY_SECONDS)
        self._keeping = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeping.cancel()
        await asyncio.gather(self._keeping, return_exceptions=True)
        await self._disconnect()

    async def _has_claimed(self) -> bool:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url, timeout=_CONNECT_SECONDS)
            self._connection.add_termination_listener(lambda _: self._lost.set())
        return bool(await self._connection.fetchval(_CLAIM, _SPACE, self._number))

    async def _keep(self) -> None:
        while True:
            await self._lost.wait()
            if await self._has_claimed_again():
                self._lost.clear()
            else:
                await asyncio.sleep(_TRY_AGAIN_SECONDS)

    async def _has_claimed_again(self) -> bool:
        try:
            claimed = await self._has_claimed()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._log.warning("claim_is_lost", number=self._number, reason=type(error).__name__)
            return False
        if not claimed:
            self._log.error("claim_is_held_by_another", number=self._number)
        return claimed

    async def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
