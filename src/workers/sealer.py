"""The sealer: numbers and chains what was noted in the audit log, within five seconds of its commit."""

import asyncio
from uuid import UUID

import structlog

from domains.audit import Seals
from workers.outages import report
from workers.pausing import pause

_POLL_SECONDS = 1.0
_MOST_AT_ONCE = 500

_log = structlog.get_logger("sealer")


class Sealer:
    """Runs until told to stop. Several may run: one at a time seals a tenant, the others pass on to the next."""

    def __init__(self, seals: Seals) -> None:
        self._seals = seals

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                sealed = await self.once()
            except Exception as error:  # noqa: BLE001 - whatever it was, the sealer goes on once it is over
                report(_log, "seals_unreachable", error)
                sealed = 0
            if not sealed:
                await pause(stop, _POLL_SECONDS)

    async def once(self) -> int:
        """Seal a batch of each tenant that waits, and say how many entries that was."""
        return sum([await self._seal(tenant) for tenant in await self._seals.waiting()])

    async def _seal(self, tenant: UUID) -> int:
        try:
            return await self._seals.seal(tenant, _MOST_AT_ONCE)
        except Exception:  # noqa: BLE001 - one tenant's failure is no other's
            _log.exception("sealing_failed", tenant_id=str(tenant))
            return 0
