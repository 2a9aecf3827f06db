"""The unit of work on Postgres: one connection, one transaction, one tenant."""

import time
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.idempotency import RepeatableRequest
from infra.postgres import audit_trail, idempotency, recording
from infra.postgres.binding import begin, commit, roll_back
from infra.postgres.database import Database, driver_of
from infra.postgres.failures import passing
from infra.postgres.recording import Hearers, Origin, Subscriptions
from infra.postgres.streaming import SILENT, Streaming
from infra.postgres.watching import Outcome

Value = TypeVar("Value")
_NOTHING: Any = object()


class AccessWatch(Protocol):
    """What this process remembers of who may come in."""

    async def catch_up(self) -> None:
        """Return when it knows what has been committed by now; have other processes look."""
        ...


class NothingRemembered:
    """The `AccessWatch` of a process that lets nobody in."""

    async def catch_up(self) -> None:
        """There is nothing to forget here; others look by themselves."""


class PostgresWork:
    """A `UnitOfWork`. Adapters of the same request run their statements on its `connection` or `session`."""

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
        self._recorded: list[Event] = []
        self._noted: list[Note] = []
        self._planned: list[tuple[str, UUID, datetime]] = []
        self._settled: UUID | None = None
        self._result = _NOTHING
        self._held: AsyncExitStack | None = None
        self._session: AsyncSession | None = None
        self._outcome = Outcome.ROLLED_BACK
        self._began = 0.0

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

    def settles(self, envelope: UUID) -> None:
        """Have the next commit take `envelope` away with what it did: its effect happens exactly once."""
        self._settled = envelope

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
        self._held = AsyncExitStack()
        try:
            await self._begin(self._held)
        except BaseException as error:
            await self._release()
            if meant := passing(error):
                raise meant from error
            raise
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
            error = failure
            raise
        finally:
            await self._release()
            if meant := passing(error):
                raise meant from error

    async def _begin(self, held: AsyncExitStack) -> None:
        self._outcome, self._began = Outcome.ROLLED_BACK, time.perf_counter()
        self._connection: AsyncConnection = await held.enter_async_context(self._database.connection(self._tenant))
        self._driver = await driver_of(self._connection)
        await begin(self._driver, self._tenant)
        if self._request is not None:
            try:
                await idempotency.claim(self._driver, self.tenant, self._request)
            except BaseException:
                await roll_back(self._driver)
                raise

    async def _commit(self) -> None:
        try:
            await self._store()
        except BaseException:
            await roll_back(self._driver)
            raise
        self._outcome = Outcome.COMMIT_FAILED
        await commit(self._driver)
        self._outcome = Outcome.COMMITTED
        if any(event.type in self._streaming.audiences for event in self._recorded):
            self._streaming.wake()
        if self._changes_access:
            await self._access.catch_up()

    async def _store(self) -> None:
        if self._session is not None:
            await self._session.flush()
        for event in self._recorded:
            await recording.store(
                self._driver,
                event,
                tenant=self.tenant,
                origin=self._origin,
                hearers=Hearers(self._subscriptions.get(event.type, ()), self._streaming.audiences.get(event.type)),
                now=self._clock.now(),
            )
        for kind, subject, at in self._planned:
            await recording.plan(self._driver, kind, subject, tenant=self.tenant, at=at)
        if self._settled is not None:
            await recording.settle(self._driver, self._settled)
        await self._store_notes()
        if self._request is not None and self._result is not _NOTHING:
            await idempotency.keep(self._driver, self.tenant, self._request, self._result)

    async def _store_notes(self) -> None:
        origin, now = self._origin, self._clock.now()
        around = audit_trail.Circumstances(
            self._tenant, origin.user, origin.correlation, origin.ip, origin.agent, now, origin.key
        )
        for note in self._noted:
            await audit_trail.store(self._driver, note, around)

    async def _release(self) -> None:
        held, self._held = self._held, None
        session, self._session = self._session, None
        self._recorded.clear()
        self._noted.clear()
        self._planned.clear()
        self._settled = None
        self._changes_access = False
        self._result = _NOTHING
        if session is not None:
            session.expunge_all()
        if held is not None:
            self._database.ended(self._outcome, time.perf_counter() - self._began)
            await held.aclose()

    def _must_be_idle(self) -> None:
        if self._held is not None:
            raise RuntimeError("This work is under way already: a use case is one transaction.")
