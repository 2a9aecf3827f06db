"""A vendor behind a guard."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Generic, TypeVar
from uuid import UUID

from domains.shared.vendors import Finding, Vendor
from infra.guarding import Guard

Order = TypeVar("Order")

_AT_ONCE = 4


class GuardedVendor(Generic[Order]):
    """The `Vendor`, asked by four at once at most."""

    def __init__(self, vendor: Vendor[Order], watch: Callable[[], AbstractContextManager[None]]) -> None:
        self._vendor = vendor
        self._guard = Guard(watch, at_once=_AT_ONCE)

    async def call(self, key: UUID, order: Order, begin: Callable[[], Awaitable[None]]) -> str | None:
        return await self._guard.ask(partial(self._vendor.call, key, order, begin))

    async def look_up(self, key: UUID, order: Order) -> Finding:
        return await self._vendor.look_up(key, order)
