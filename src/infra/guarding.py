"""A vendor that is in trouble, or slow, holds up nobody but those who want something of it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from domains.shared.vendors import Refused, TryLater

Answer = TypeVar("Answer")

_WAIT_SECONDS = 0.5
_MOST_FAILURES = 5
_REST_SECONDS = 15.0


class Guard:
    """At most `at_once` calls at once; who waits half a second for a place is told to try later.

    After five failures in a row of the vendor itself nobody calls it for 15 s; then one does, to see if it is back.
    `watch` measures each call; an order that is refused is no failure.
    """

    def __init__(
        self,
        watch: Callable[[], AbstractContextManager[None]],
        *,
        at_once: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch = watch
        self._clock = clock
        self._places = asyncio.Semaphore(at_once)
        self._failures = 0
        self._rests_until = 0.0

    async def ask(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `call` gives. Raise what it raises, or `TryLater` where it was not made."""
        async with _Place(self._places):
            self._must_be_worth_it()
            try:
                found = await self._watched(call)
            except TryLater as later:
                self._failures = self._failures + 1 if later.is_general else 0
                raise
            except Exception:
                self._failures += 1
                raise
            self._failures = 0
        if isinstance(found, Refused):
            raise found
        return found

    async def _watched(self, call: Callable[[], Awaitable[Answer]]) -> Answer | Refused:
        with self._watch():
            try:
                return await call()
            except Refused as refusal:
                return refusal

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
