"""Envelopes that are taken one by one, under a lease: what follows from them is outside the database."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from domains.shared.envelopes import Envelope
from infra.postgres.database import Database
from infra.postgres.finding import IS_DUE, Finding
from infra.postgres.transactions import Afterwards, OwnTransaction

LEASE = timedelta(seconds=8)

_CLAIM = f"""
    update work.envelopes set attempts = attempts + 1, retry_at = now() + $2 where id = (
        select id from work.envelopes where id = $1 and {IS_DUE} for update skip locked
    )
"""  # noqa: S608 - put together from constants
_KEEP = "update work.envelopes set retry_at = now() + $2 where id = $1"
_PARK = "update work.envelopes set parked_at = now() where id = $1"
_DONE = "delete from work.envelopes where id = $1"


class PostgresEnvelopes:
    """The `Envelopes` of all kinds but those in batches. What a killed worker held is free again after `LEASE`.

    The relay's role finds them, the application's role, bound to their tenant, takes them.
    """

    def __init__(self, *, finding: Finding, taking: Database, in_batches: Collection[str] = ()) -> None:
        self._finding = finding
        self._taking = taking
        self._in_batches = in_batches

    async def due(self) -> list[Envelope]:
        return await self._finding.envelopes(but=self._in_batches, soon=LEASE)

    async def claim(self, envelope: Envelope) -> bool:
        return await self._execute(_CLAIM, envelope.tenant, envelope.id, LEASE) == "UPDATE 1"

    async def keep(self, envelope: Envelope) -> None:
        await self._execute(_KEEP, envelope.tenant, envelope.id, LEASE)

    async def done(self, envelope: Envelope) -> None:
        await self._execute(_DONE, envelope.tenant, envelope.id)

    async def put_off(self, envelope: Envelope, *, seconds: float) -> None:
        await self._execute(_KEEP, envelope.tenant, envelope.id, timedelta(seconds=seconds))

    async def park(self, envelope: Envelope) -> None:
        await self._execute(_PARK, envelope.tenant, envelope.id)

    async def _execute(self, statement: str, tenant: UUID, *values: object) -> str:
        async with OwnTransaction(self._taking, tenant).under_way() as transaction:
            answer = await transaction.driver.execute(statement, *values)
            await transaction.commit(Afterwards())
        return answer
