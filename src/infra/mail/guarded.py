"""A vendor that is in trouble, or slow, holds up nobody but those who want something of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Generic, TypeVar
from uuid import UUID

from domains.shared.vendors import Finding, Refused, TryLater, Vendor

Order = TypeVar("Order")

_AT_ONCE = 4
_WAIT_SECONDS = 0.5
_MOST_FAILURES = 5
_REST_SECONDS = 15.0


class GuardedVendor(Generic[Order]):
    """At most four calls at once; who waits half a second for a place is told to try later.

    After five failures in a row of the vendor itself nobody calls it for 15 s; then one does, to see if it is back.
    """

    def __init__(
        self,
        vendor: Vendor[Order],
        watch: Callable[[], AbstractContextManager[None]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._vendor = vendor
        self._watch = watch
        self._clock = clock
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._failures = 0
        self._rests_until = 0.0

    async def call(self, key: UUID, order: Order, begin: Callable[[], Awaitable[None]]) -> str | None:
        async with _Place(self._places):
            self._must_be_worth_it()
            return await self._watched(key, order, begin)

    async def look_up(self, key: UUID, order: Order) -> Finding:
        return await self._vendor.look_up(key, order)

    async def _watched(self, key: UUID, order: Order, begin: Callable[[], Awaitable[None]]) -> str | None:
        refusal: Refused | None = None
        try:
            with self._watch():
                try:
                    receipt = await self._vendor.call(key, order, begin)
                except Refused as refused:
                    receipt, refusal = None, refused
        except TryLater as later:
            self._failures = self._failures + 1 if later.is_general else 0
            raise
        except Exception:
            self._failures += 1
            raise
        self._failures = 0
        if refusal is not None:
            raise refusal
        return receipt

    def _must_be_worth_it(self) -> None:
        if self._failures < _MOST_FAILURES:
            return
        now = self._clock()
        if now < self._rests_until:
            raise TryLater("resting")
        self._rests_until = now + _REST_SECONDS


class _Place:
    def __init__(self, places: asyncio.Semaphore) -> None:
        self._places = places

    async def __aenter__(self) -> None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise TryLater("busy") from None

    async def __aexit__(self, *_error: object) -> None:
        self._places.release()
