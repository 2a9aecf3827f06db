"""Envelopes taken in batches, a transaction for some of one tenant's: their effect happens exactly once, in order."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog

from domains.shared.contention import TIMES_AGAIN, Contention
from domains.shared.envelopes import Batch, Batches, Envelope
from workers.retrying import seconds_until_next
from workers.watching import Watch, looked_at

_AT_ONCE = 4
_ROUND_SECONDS = 1.0
_BATCH_SECONDS = 0.5
_ENVELOPE_SECONDS = 4.0

_log = structlog.get_logger("relay")


class _Lost(Exception):
    """The transaction ended over an envelope."""

    def __init__(self, envelope: Envelope) -> None:
        super().__init__(str(envelope.id))
        self.envelope = envelope


class _Undone(Exception):
    """Something failed in a batch without steps: nothing of it is left, and it is to be done in steps."""


class Batched:
    """A part of the relay: the tenants take turns, some at once, with a batch each.

    - A batch is done without a savepoint for each envelope, and where anything fails once more with them.
    - A batch ends after half a second: what it has changed is locked until then.
    - An envelope has four seconds, less than Postgres lets a transaction be idle.
    - One that gave way to another transaction ends its batch, and comes first in the next: what the batch has locked
      might be what the other waits for.
    """

    def __init__(self, batches: Batches, watches: Sequence[Watch] = ()) -> None:
        self._batches = batches
        self._watches = watches
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def once(self) -> int:
        """Do what is due now, for a second at most, and say how many envelopes were handled here."""
        ends_at = _now() + _ROUND_SECONDS
        tenants = await self._batches.waiting()
        return sum(await asyncio.gather(*(self._take_turns(tenant, ends_at) for tenant in tenants)))

    async def go_on(self) -> int:
        return await self.once()

    async def finish(self) -> None:
        """A round leaves nothing under way."""

    async def _take_turns(self, tenant: UUID, ends_at: float) -> int:
        handled = 0
        while True:
            async with self._places:
                moved, is_all = await self._take(tenant)
            handled += moved
            if is_all or _now() > ends_at:
                return handled

    async def _take(self, tenant: UUID) -> tuple[int, bool]:
        """Do a batch, and say how much it was and whether it was all; nothing and all, where all is undone."""
        try:
            try:
                return await self._do(tenant, in_steps=False)
            except _Undone:
                return await self._do(tenant, in_steps=True)
        except _Lost as lost:
            await self._batches.failed(lost.envelope, seconds=seconds_until_next(lost.envelope.attempts))
        except Exception:  # noqa: BLE001 - one tenant's failure is no other's
            _log.exception("batch_lost", tenant_id=str(tenant))
        return 0, True

    async def _do(self, tenant: UUID, *, in_steps: bool) -> tuple[int, bool]:
        async with self._batches.of(tenant, in_steps=in_steps) as batch:
            return await self._carry_out(batch)

    async def _carry_out(self, batch: Batch) -> tuple[int, bool]:
        handled, ends_at = 0, _now() + _BATCH_SECONDS
        while (envelope := batch.first()) is not None:
            handled += 1
            if not await self._may_go_on(batch, envelope) or _now() > ends_at:
                return handled, False
        return handled, batch.is_all

    async def _may_go_on(self, batch: Batch, envelope: Envelope) -> bool:
        """Carry one out, or see to it that it comes again; say whether the batch can take another."""
        try:
            with looked_at(envelope, self._watches):
                async with asyncio.timeout(_ENVELOPE_SECONDS):
                    await batch.carry_out(envelope)
        except Exception as error:
            if batch.is_lost:
                _log_failed(envelope)
                raise _Lost(envelope) from error
            if not batch.is_in_steps:
                raise _Undone from error
            if isinstance(error, Contention):
                gives_way = envelope.attempts < TIMES_AGAIN
                batch.failed(envelope, seconds=0 if gives_way else seconds_until_next(envelope.attempts))
                return False
            _log_failed(envelope)
            batch.failed(envelope, seconds=seconds_until_next(envelope.attempts))
        return True


def _log_failed(envelope: Envelope) -> None:
    named = {"envelope_id": str(envelope.id), "tenant_id": str(envelope.tenant)}
    _log.exception("envelope_failed", kind=envelope.kind, attempts=envelope.attempts + 1, **named)


def _now() -> float:
    return asyncio.get_running_loop().time()
