"""Envelopes whose effect is in the database: claimed, carried out, taken away and committed in one transaction."""

import hashlib
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from domains.shared.envelopes import Envelope
from infra.postgres.binding import save, undo
from infra.postgres.database import Database
from infra.postgres.finding import Finding
from infra.postgres.transactions import Afterwards, OwnTransaction
from infra.postgres.writes import Write, carry_out

MOST = 50
"""Each envelope is a subtransaction, and a server keeps 64 of a transaction's at hand."""

_ENVELOPE = "envelope"
_STEP = "step"

# One worker at a time for a tenant, so that its order is kept. A statement of its own: the next one must see all that
# the one before it committed.
_ALONE = "select pg_try_advisory_xact_lock($1) as is_alone, now() + ahead as until from work.clock"
_CLAIM = """
    select e.tenant_id, e.id, e.kind, e.subject_id, e.due_at, e.attempts, v.subject_id as about
    from work.envelopes e left join events v on v.id = e.subject_id
    where e.parked_at is null and e.retry_at <= now() and e.due_at <= $1 and e.kind = any ($2)
    order by e.due_at, e.id limit $3 for update of e skip locked
"""
_DONE = "delete from work.envelopes where id = any ($1)"
_FAILED = """
    update work.envelopes e
    set attempts = attempts + 1, retry_at = clock_timestamp() + f.delay,
        parked_at = case when f.is_parked then now() end
    from unnest($1::uuid[], $2::interval[], $3::boolean[]) f (id, delay, is_parked) where e.id = f.id
"""

CarryOut = Callable[[Envelope, "PostgresBatch"], Awaitable[None]]


class TakenByAnother(Exception):
    """Somebody took envelopes away that this batch had claimed: what was done here is undone."""


class NotUndone(Exception):
    """A unit of work should have been undone by itself, and the batch has no steps."""


class PostgresBatch:
    """The `Batch`: all in one transaction, in steps with a savepoint for each. Units of work join it by `part`."""

    def __init__(
        self, transaction: OwnTransaction, tenant: UUID, kinds: Collection[str], until: datetime, do: CarryOut
    ) -> None:
        self.tenant = tenant
        self.is_in_steps = False
        self._may_be_more = False
        self._transaction = transaction
        self._kinds = kinds
        self._until = until
        self._do = do
        self._left: list[tuple[datetime, UUID, Envelope]] = []
        self._done: list[UUID] = []
        self._failed: list[tuple[UUID, timedelta, bool]] = []
        self._stored: list[Afterwards] = []
        self._told: list[Callable[[], None]] = []
        self._has_saved = False
        self._is_fresh = False
        self._is_spoilt = False

    @property
    def is_lost(self) -> bool:
        driver = self._transaction.driver
        return driver.is_closed() or not driver.is_in_transaction()

    @property
    def is_all(self) -> bool:
        return not self._may_be_more and not self._left

    def take(self, claimed: Sequence[Envelope], *, in_steps: bool) -> None:
        """Begin with what was claimed."""
        self.is_in_steps = in_steps or any(envelope.attempts for envelope in claimed)
        self._may_be_more = len(claimed) == MOST
        self.add(claimed)

    def add(self, envelopes: Iterable[Envelope]) -> None:
        """Have those done too that are this worker's to do, and due."""
        for envelope in envelopes:
            if envelope.kind in self._kinds and envelope.due_at <= self._until:
                heapq.heappush(self._left, (envelope.due_at, envelope.id, envelope))

    def first(self) -> Envelope | None:
        if not self._left or len(self._done) + len(self._failed) >= MOST:
            return None
        return heapq.heappop(self._left)[-1]

    async def carry_out(self, envelope: Envelope) -> None:
        driver = self._transaction.driver
        if self.is_in_steps:
            await save(driver, _ENVELOPE, again=self._has_saved)
            self._has_saved = self._is_fresh = True
        self._stored.clear()
        try:
            await self._do(envelope, self)
            self._must_be_under_way()
        except BaseException:
            if self.is_in_steps and not self.is_lost:
                await undo(driver, _ENVELOPE)
            raise
        self._done.append(envelope.id)
        for then in self._stored:
            self.add(then.envelopes)
            self._told += [then.tell] if then.tell else []

    def failed(self, envelope: Envelope, *, seconds: float | None) -> None:
        self._failed.append(_failure(envelope, seconds))

    def part(self, tenant: UUID | None) -> "Part":
        """A unit of work's transaction inside this one. Raise `ValueError` for one that is not this tenant's."""
        if tenant != self.tenant:
            raise ValueError("A batch is of one tenant.")
        return Part(self, self._transaction)

    def _must_be_under_way(self) -> None:
        if self.is_lost:
            raise ConnectionResetError("The transaction ended on the way.")
        if self._is_spoilt:
            raise NotUndone

    async def begin_step(self) -> str | None:
        """The savepoint that a unit of work can be undone to, where there are any. The first finds it there."""
        if not self.is_in_steps:
            return None
        if self._is_fresh:
            self._is_fresh = False
            return _ENVELOPE
        await save(self._transaction.driver, _STEP)
        return _STEP

    async def undo(self, savepoint: str | None) -> None:
        """Undo what came after it. Where there is none, all that was done has to be: `carry_out` will raise."""
        if self.is_lost:
            return
        if savepoint is None:
            self._is_spoilt = True
        else:
            await undo(self._transaction.driver, savepoint)

    def stored(self, then: Afterwards) -> None:
        """A unit of work has come to its end; what follows it waits until the envelope has too."""
        self._stored.append(then)

    async def store(self) -> None:
        """Take away what was done, write down what failed, and commit."""
        driver = self._transaction.driver
        if self._done and await driver.execute(_DONE, self._done) != f"DELETE {len(self._done)}":
            raise TakenByAnother
        if self._failed:
            await driver.execute(_FAILED, *map(list, zip(*self._failed, strict=True)))
        await self._transaction.commit(Afterwards())
        for tell in dict.fromkeys(self._told):
            tell()


class Part:
    """The `Transaction` of a unit of work inside a batch: undone by a savepoint or with all, stored with the batch."""

    def __init__(self, batch: PostgresBatch, transaction: OwnTransaction) -> None:
        self.driver: asyncpg.Connection = transaction.driver
        self._batch = batch
        self._savepoint: str | None = None
        self.has_begun = False

    async def begin(self) -> None:
        self._savepoint = await self._batch.begin_step()
        self.has_begun = True

    async def commit(self, then: Afterwards, writes: Sequence[Write] = ()) -> None:
        if writes and not self.has_begun:
            await self.begin()
        await carry_out(self.driver, self._batch.tenant, writes)
        self._batch.stored(then)

    async def roll_back(self) -> None:
        if self.has_begun:
            await self._batch.undo(self._savepoint)

    async def end(self) -> None:
        """The batch goes on."""


class PostgresBatches:
    """The `Batches` of `kinds`: the relay's role finds them, the application's, bound to their tenant, takes them."""

    def __init__(self, *, finding: Finding, taking: Database, kinds: Collection[str], do: CarryOut) -> None:
        self._finding = finding
        self._taking = taking
        self._kinds = list(kinds)
        self._do = do

    async def waiting(self) -> list[UUID]:
        return await self._finding.tenants(self._kinds)

    @asynccontextmanager
    async def of(self, tenant: UUID, *, in_steps: bool = False) -> AsyncIterator[PostgresBatch]:
        async with OwnTransaction(self._taking, tenant).under_way() as transaction:
            [row] = await transaction.driver.fetch(_ALONE, _lock_of(tenant))
            batch = PostgresBatch(transaction, tenant, self._kinds, row["until"], self._do)
            if row["is_alone"]:
                found = await transaction.driver.fetch(_CLAIM, row["until"], self._kinds, MOST)
                batch.take([Envelope(*each.values()) for each in found], in_steps=in_steps)
            yield batch
            await batch.store()

    async def failed(self, envelope: Envelope, *, seconds: float | None) -> None:
        async with OwnTransaction(self._taking, envelope.tenant).under_way() as transaction:
            await transaction.driver.execute(_FAILED, *([part] for part in _failure(envelope, seconds)))
            await transaction.commit(Afterwards())


def _failure(envelope: Envelope, seconds: float | None) -> tuple[UUID, timedelta, bool]:
    return envelope.id, timedelta(seconds=seconds or 0), seconds is None


def _lock_of(tenant: UUID) -> int:
    """A key for an advisory lock that is this tenant's alone."""
    return int.from_bytes(hashlib.blake2b(b"envelopes" + tenant.bytes, digest_size=8).digest(), signed=True)
