"""The unit of work on Postgres: one connection, one transaction, one tenant."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

import asyncpg

from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.contention import Contention
from domains.shared.envelopes import Envelope
from domains.shared.errors import Unavailable
from domains.shared.events import Event, Subscriber
from domains.shared.idempotency import RepeatableRequest
from domains.shared.ids import new_id
from infra.postgres import audit_trail, idempotency, recording
from infra.postgres.access_watch import AccessWatch, NothingRemembered
from infra.postgres.batches import PostgresBatch
from infra.postgres.database import Database
from infra.postgres.failures import passing
from infra.postgres.recording import Hearers, Origin, Subscriptions
from infra.postgres.statements import BoundReading, Statements
from infra.postgres.streaming import SILENT, Streaming
from infra.postgres.transactions import Afterwards, OwnTransaction, Transaction
from infra.postgres.writes import NO_REFUSALS, Refusals, Write, carry_out

Value = TypeVar("Value")
_NOTHING: Any = object()


class PostgresWork:
    """A `UnitOfWork`. Adapters of the same request run their statements on its `connection`."""

    def __init__(
        self,
        database: Database,
        tenant: UUID | None,
        origin: Origin,
        subscriptions: Subscriptions,
        clock: Clock,
        *,
        request: RepeatableRequest | None = None,
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._origin = origin
        self._subscriptions = subscriptions
        self._clock = clock
        self._request = request
        self._streaming = SILENT
        self._access: AccessWatch = NothingRemembered()
        self._changes_access = False
        self._inside: InsideSubscriptions = {}
        self._recorded: list[Event] = []
        self._noted: list[Note] = []
        self._planned: list[tuple[str, UUID, datetime]] = []
        self._result = _NOTHING
        self._batch: PostgresBatch | None = None
        self._transaction: Transaction | None = None
        self._statements = Statements(self._ready)
        self._writes: list[Write] = []
        self._has_stored = False

    def within(self, tenant: UUID | None) -> Self:
        self._must_be_idle()
        self._tenant = tenant
        return self

    def telling(self, streaming: Streaming) -> Self:
        """The same work, of which open sockets hear after the commit."""
        self._streaming = streaming
        return self

    def watched_by(self, access: AccessWatch) -> Self:
        """The same work; where it changes access, `access` catches up after the commit."""
        self._access = access
        return self

    def heard_by(self, inside: "InsideSubscriptions") -> Self:
        """The same work, whose events have subscribers that write in its own transaction."""
        self._inside = inside
        return self

    def joining(self, batch: PostgresBatch) -> Self:
        """The same work as a part of `batch`: it is undone by itself, and stored when the batch is."""
        self._batch = batch
        return self

    def record(self, event: Event) -> None:
        self._recorded.append(event)

    def note(self, note: Note) -> None:
        self._noted.append(note)

    def later(self, kind: str, subject: UUID, *, at: datetime) -> None:
        self._planned.append((kind, subject, at))

    def changes_access(self) -> None:
        """Say that the next commit ends a session or a key, or changes a role or what is suspended.

        Then this process knows of it before the use case answers, and others at once; all know it within a second
        anyway.
        """
        self._changes_access = True

    def result(self, value: Value) -> Value:
        self._result = value
        return value

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        return self._origin

    @property
    def tenant(self) -> UUID:
        """The tenant to which the transaction is bound."""
        if self._tenant is None:
            raise RuntimeError("This work is bound to no tenant.")
        return self._tenant

    @property
    def connection(self) -> Statements:
        """What runs inside the transaction: the first statement begins it."""
        self._must_be_under_way()
        return self._statements

    @property
    def reading(self) -> BoundReading:
        """For what only reads, outside of `async with`: one round trip where that takes three."""
        self._must_be_idle()
        return BoundReading(self._database, self.tenant)

    def put(self, statement: str, *values: object, refusals: Refusals = NO_REFUSALS) -> None:
        """Have `statement` done before the next one, or with the commit; what fails in it, fails there. See `Write`."""
        self._must_be_under_way()
        self._writes.append(Write(statement, values, refusals))

    async def __aenter__(self) -> Self:
        self._must_be_idle()
        of, batch = self._tenant, self._batch
        self._transaction = batch.part(of) if batch else OwnTransaction(self._database, of)
        if self._request is not None and of is not None:
            try:
                await idempotency.claim(self._statements, of, self._request)
            except BaseException as error:
                await self.__aexit__(type(error), error, error.__traceback__)
                raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._commit(self._must_be_under_way())
            else:
                await self._must_be_under_way().roll_back()
        except Exception as failure:
            error = failure
            raise
        finally:
            await self._release()
            if meant := self._meaning_of(error):
                raise meant from error

    async def _ready(self) -> asyncpg.Connection:
        """The driver's connection, inside the transaction, after all that was put before."""
        transaction = self._must_be_under_way()
        if not transaction.has_begun:
            await transaction.begin()
        if self._writes:
            writes, self._writes = self._writes, []
            await carry_out(transaction.driver, self.tenant, writes)
        return transaction.driver

    async def _commit(self, transaction: Transaction) -> None:
        try:
            following = await self._store()
        except BaseException:
            await transaction.roll_back()
            raise
        is_heard = any(event.type in self._streaming.audiences for event in self._recorded)
        await transaction.commit(Afterwards(following, self._streaming.wake if is_heard else None), self._writes)
        self._database.happened(event.type for event in self._recorded)
        self._has_stored = self._has_stored or self._batch is None
        if self._changes_access:
            await self._access.catch_up()

    def _meaning_of(self, error: BaseException | None) -> Unavailable | None:
        """What a failure means to the use case. One that has stored something before must not be begun anew."""
        meant = passing(error)
        if isinstance(meant, Contention) and self._has_stored:
            return Unavailable(meant.detail)
        return meant

    async def _store(self) -> list[Envelope]:
        """Store all that the use case told of; give the envelopes of what follows."""
        following: list[Envelope] = []
        for event in self._recorded:
            following += await self._store_event(event)
        following += [Envelope(self.tenant, new_id(), kind, subject, at) for kind, subject, at in self._planned]
        self._writes += map(recording.planned, following)
        await self._store_notes()
        if self._request is not None and self._result is not _NOTHING:
            await idempotency.keep(self.connection, self.tenant, self._request, self._result)
        return following

    async def _store_event(self, event: Event) -> list[Envelope]:
        hearers = Hearers(self._subscriptions.get(event.type, ()), self._streaming.audiences.get(event.type))
        stored = recording.recorded(event, tenant=self.tenant, origin=self._origin, now=self._clock.now())
        self._writes += recording.written(stored, hearers)
        for subscriber in self._inside.get(event.type, ()):
            await subscriber(self).hear(stored)
        return recording.told(stored, hearers)

    async def _store_notes(self) -> None:
        around = audit_trail.Circumstances.of(self._tenant, self._origin, now=self._clock.now())
        for note in self._noted:
            if self._tenant is None:
                await audit_trail.store_security_event(self.connection, note, around)
            else:
                self._writes += audit_trail.entered(note, around)

    async def _release(self) -> None:
        transaction, self._transaction = self._transaction, None
        self._writes.clear()
        self._recorded.clear()
        self._noted.clear()
        self._planned.clear()
        self._changes_access = False
        self._result = _NOTHING
        if transaction is not None:
            await transaction.end()

    def _must_be_under_way(self) -> Transaction:
        if self._transaction is None:
            raise RuntimeError("Statements belong inside `async with work`.")
        return self._transaction

    def _must_be_idle(self) -> None:
        if self._transaction is not None:
            raise RuntimeError("This work is under way already: a use case is one transaction.")


InsideSubscriptions = Mapping[str, Sequence[Callable[[PostgresWork], Subscriber]]]
