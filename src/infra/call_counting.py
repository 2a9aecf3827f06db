"""Calls of the API, counted in memory and stored every few seconds: no request writes for it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog

from domains.shared.actor import Actor
from domains.tenants import CallCounts, Calls

_EVERY_SECONDS = 10.0
_QUARTER_SECONDS = 900

_log = structlog.get_logger("calls")


class CountedCalls:
    """Told of each call; what was counted is stored by `run`. A killed process loses what it had not stored yet.

    What waits is by tenant, and by the number of quarters of an hour since 1970.
    """

    def __init__(self, counts: CallCounts, wall: Callable[[], datetime]) -> None:
        self._counts = counts
        self._wall = wall
        self._waiting: dict[UUID, dict[int, Calls]] = {}

    def called(self, actor: Actor, *, status: int) -> None:
        quarters = self._waiting.setdefault(actor.tenant, {})
        quarter = int(self._wall().timestamp()) // _QUARTER_SECONDS
        quarters[quarter] = quarters.get(quarter, Calls()).and_one(status=status, by_key=actor.is_key)

    async def run(self) -> None:
        """Store, for ever."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Store what was counted since the last time. What cannot be stored now is stored next time."""
        for tenant in sorted(self._waiting):
            quarters = self._waiting.pop(tenant)
            begun = {datetime.fromtimestamp(at * _QUARTER_SECONDS, UTC): calls for at, calls in quarters.items()}
            try:
                await self._counts.add(tenant, begun)
            except Exception as error:  # noqa: BLE001 - whatever it was, nobody waits for this
                self._take_back(tenant, quarters)
                _log.warning("calls_not_stored", reason=type(error).__name__)
            except BaseException:
                self._take_back(tenant, quarters)
                raise

    def _take_back(self, tenant: UUID, quarters: dict[int, Calls]) -> None:
        since = self._waiting.setdefault(tenant, {})
        for quarter, calls in quarters.items():
            since[quarter] = since.get(quarter, Calls()).and_all(calls)
