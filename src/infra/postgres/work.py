"""The unit of work on Postgres: one connection, one transaction, one tenant."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.ids import new_id
from infra.postgres.audit_trail import Circumstances, store
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database, driver_of
from infra.postgres.failures import passing
from infra.postgres.watching import Outcome

Subscriptions = Mapping[str, Sequence[str]]

_ENVELOPE_FIELDS = frozenset(Event.__struct_fields__)
_EVENT = """
    insert into events
        (tenant_id, id, type, version, subject_id, subject_version, actor_id, correlation_id, occurred_at, data)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_ENVELOPE = "insert into work.outbox (tenant_id, id, event_id, subscriber) values ($1, $2, $3, $4)"


class Origin(msgspec.Struct, frozen=True):
    """Where the work comes from: the request or job, the user, if one is known; of a request, its IP and agent."""

    correlation: str | None = None
    user: UUID | None = None
    ip: str | None = None
    agent: str | None = None


class PostgresWork:
    """A `UnitOfWork`. Adapters of the same request run their statements on its `connection` or `session`."""

    def __init__(
        self, database: Database, tenant: UUID | None, origin: Origin, subscriptions: Subscriptions, clock: Clock
    ) -> None:
        self._database = database
        self._tenant = tenant
        self._origin = origin
        self._subscriptions = subscriptions
        self._clock = clock
        self._recorded: list[Event] = []
        self._noted: list[Note] = []
        self._held: AsyncExitStack | None = None
        self._session: AsyncSession | None = None
        self._outcome = Outcome.ROLLED_BACK
        self._began = 0.0

    def within(self, tenant: UUID | None) -> Self:
        self._must_be_idle()
        self._tenant = tenant
        return self

    def record(self, event: Event) -> None:
        self._recorded.append(event)

    def note(self, note: Note) -> None:
        self._noted.append(note)

    @property
    def tenant(self) -> UUID:
        """The tenant to which the transaction is bound."""
        if self._tenant is None:
            raise RuntimeError("This work is bound to no tenant.")
        return self._tenant

    @property
    def connection(self) -> asyncpg.Connection:
        """The driver's connection, inside the transaction."""
        if self._held is None:
            raise RuntimeError("Statements belong inside `async with work`.")
        return self._driver

    @property
    def session(self) -> AsyncSession:
        """A session on the same connection and in the same transaction, made when first asked for."""
        if self._held is None:
            raise RuntimeError("Statements belong inside `async with work`.")
        if self._session is None:
            self._session = AsyncSession(self._connection, expire_on_commit=False)
        return self._session

    async def __aenter__(self) -> Self:
        self._must_be_idle()
        held = AsyncExitStack()
        self._connection: AsyncConnection = await held.enter_async_context(self._database.connection(self._tenant))
        try:
            self._driver = await driver_of(self._connection)
            self._outcome, self._began = Outcome.ROLLED_BACK, time.perf_counter()
            await begin(self._driver, self._tenant)
        except BaseException as error:
            await held.aclose()
            if meant := passing(error):
                raise meant from error
            raise
        self._held = held
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._commit()
            else:
                await roll_back(self._driver)
        except Exception as failure:
            if meant := passing(failure):
                raise meant from failure
            raise
        finally:
            await self._release()
        if meant := passing(error):
            raise meant from error

    async def _commit(self) -> None:
        if self._session is not None:
            await self._session.flush()
        await self._store_events()
        await self._store_notes()
        self._outcome = Outcome.COMMIT_FAILED
        await commit(self._driver)
        self._outcome = Outcome.COMMITTED

    async def _store_events(self) -> None:
        for event in self._recorded:
            event_id = new_id()
            await self._driver.execute(_EVENT, *self._row_of(event, event_id))
            for subscriber in self._subscriptions.get(event.type, ()):
                await self._driver.execute(_ENVELOPE, self.tenant, new_id(), event_id, subscriber)

    async def _store_notes(self) -> None:
        origin, now = self._origin, self._clock.now()
        around = Circumstances(self._tenant, origin.user, origin.correlation, origin.ip, origin.agent, now)
        for note in self._noted:
            await store(self._driver, note, around)

    def _row_of(self, event: Event, event_id: UUID) -> tuple[object, ...]:
        data = {name: getattr(event, name) for name in event.__struct_fields__ if name not in _ENVELOPE_FIELDS}
        return (
            self.tenant,
            event_id,
            event.type,
            event.version,
            event.subject,
            event.subject_version,
            self._origin.user,
            self._origin.correlation,
            self._clock.now(),
            msgspec.json.encode(data).decode(),
        )

    async def _release(self) -> None:
        held, self._held = self._held, None
        session, self._session = self._session, None
        self._recorded.clear()
        self._noted.clear()
        if session is not None:
            session.expunge_all()
        if held is not None:
            self._database.ended(self._outcome, time.perf_counter() - self._began)
            await held.aclose()

    def _must_be_idle(self) -> None:
        if self._held is not None:
            raise RuntimeError("This work is under way already: a use case is one transaction.")
