"""Follow-ups that leave a trace for each time they take effect, and a worker that does them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

import asyncpg
from dishka import AsyncContainer, Provider, Scope, provide

from domains.shared.clock import Clock
from domains.shared.events import Event
from domains.shared.ids import new_id
from frontdesk.callers import Caller
from frontdesk.container import worker_container
from frontdesk.relaying import relay_over
from infra.postgres.database import Database
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase, rows
from tests.support.house import UNLIMITED, ingredients_of
from tests.support.work import work_over
from workers.follow_ups import FollowUps, after_the_commit, at_its_time
from workers.relay import Relay
from workers.watching import Watch

TABLES = """
    create table effects (
        tenant_id uuid not null, n bigint generated always as identity, kind text not null, subject uuid not null,
        at timestamptz not null, xid xid8 not null default pg_current_xact_id()
    );
    alter table effects enable row level security;
    alter table effects force row level security;
    create policy bound_tenant on effects using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    grant select, insert on effects to frontdesk_app;
"""
_LEAVE = "insert into effects (tenant_id, kind, subject, at) values ($1, $2, $3, $4)"
DAYS = 30


class Left(Event, frozen=True):
    """A trace was left, and others are to hear of it."""

    type = "effect.left"


class Effects:
    """Leaves traces, and fails in the ways in which follow-ups fail."""

    broken = True

    def __init__(self, clock: Clock, work: PostgresWork) -> None:
        self.clock = clock
        self.work = work

    async def leave(self, subject: UUID) -> None:
        async with self.work:
            await self._leave("leave", subject)

    async def tell(self, subject: UUID) -> None:
        """Leave a trace, and have others hear of it."""
        async with self.work:
            await self._leave("tell", subject)
            self.work.record(Left(subject=subject))

    async def hear(self, subject: UUID) -> None:
        async with self.work:
            await self._leave("hear", subject)

    async def plan(self, subject: UUID) -> None:
        """Leave a trace, and plan the next day's until there are thirty."""
        now = self.clock.now()
        async with self.work:
            await self._leave("plan", subject)
            so_far = "select count(*) from effects where subject = $1"
            if await self.work.connection.fetchval(so_far, subject) < DAYS:
                self.work.later("test.plan", subject, at=now + timedelta(days=1))

    async def fail(self, subject: UUID) -> None:
        """Leave a trace, tell of it, and fail, unless it has been mended."""
        async with self.work:
            await self._leave("fail", subject)
            self.work.record(Left(subject=subject))
            self.work.later("test.leave", subject, at=self.clock.now())
            if self.broken:
                raise ValueError("planted")

    async def stumble(self, subject: UUID) -> None:
        """Leave a trace, and fail afterwards, in a second transaction."""
        await self.leave(subject)
        async with self.work:
            self._refuse()

    async def recover(self, subject: UUID) -> None:
        """Leave a trace in spite of what failed on the way, in the middle of three transactions."""
        await self._in_spite_of(subject, "select 1 / 0", "select 1")

    async def forgive(self, subject: UUID) -> None:
        """The same where no statement fails: the server would commit all of it."""
        await self._in_spite_of(subject, "select 1")

    async def _in_spite_of(self, subject: UUID, *statements: str) -> None:
        await self.leave(subject)
        for statement in statements:
            try:
                async with self.work:
                    await self._leave("half", subject)
                    await self.work.connection.execute(statement)
                    self._refuse()
            except (asyncpg.DivisionByZeroError, LookupError):
                continue
        await self.leave(subject)

    async def die(self, subject: UUID) -> None:
        """Leave a trace, and lose the connection, unless it has been mended."""
        async with self.work:
            await self._leave("die", subject)
            if self.broken:
                await self.work.connection.execute("select pg_terminate_backend(pg_backend_pid())")

    async def dawdle(self, subject: UUID) -> None:
        """Leave a trace, and take longer than it may."""
        async with self.work:
            await self._leave("dawdle", subject)
            await self.work.connection.execute("select pg_sleep(30)")

    async def call(self, subject: UUID) -> None:
        """As one who calls a vendor: not in a batch."""
        async with self.work:
            await self._leave("call", subject)

    def _refuse(self) -> None:
        raise LookupError

    async def _leave(self, kind: str, subject: UUID) -> None:
        await self.work.connection.execute(_LEAVE, self.work.tenant, kind, subject, self.clock.now())


class Mended(Effects):
    """The same, with its faults mended."""

    broken = False


FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        "test.call": after_the_commit(Effects, Effects.call, settles=False),
        "test.dawdle": at_its_time(Effects, Effects.dawdle),
        "test.die": at_its_time(Effects, Effects.die),
        "test.fail": at_its_time(Effects, Effects.fail),
        "test.forgive": at_its_time(Effects, Effects.forgive),
        "test.hear": after_the_commit(Effects, Effects.hear),
        "test.hearing": at_its_time(Effects, Effects.hear),
        "test.leave": at_its_time(Effects, Effects.leave),
        "test.plan": at_its_time(Effects, Effects.plan),
        "test.recover": at_its_time(Effects, Effects.recover),
        "test.stumble": at_its_time(Effects, Effects.stumble),
        "test.tell": at_its_time(Effects, Effects.tell),
    }
)
SUBSCRIPTIONS = MappingProxyType({Left.type: ("test.hear", "test.call")})


class EffectsParts(Provider):
    """Effects, and a unit of work that knows who hears of them."""

    scope = Scope.REQUEST

    def __init__(self, kind: type[Effects] = Effects) -> None:
        super().__init__()
        self.provide(kind, provides=Effects)

    @provide(override=True)
    def work(self, database: Database, caller: Caller, clock: Clock) -> PostgresWork:
        work = PostgresWork(database, caller.tenant, caller.origin, SUBSCRIPTIONS, clock)
        return work.joining(caller.joins) if caller.joins else work


class Worker:
    """A relay over a database, what it is made of, and what it has left there."""

    def __init__(self, database: TestDatabase, container: AsyncContainer, finding: Database, relay: Relay) -> None:
        self.url = database.admin
        self.container = container
        self.finding = finding
        self.relay = relay

    async def plan(self, tenant: UUID, kind: str, *due: datetime) -> list[UUID]:
        """Have `kind` done at each of the times; give what each is about."""
        subjects = [new_id() for _ in due]
        taking = await self.container.get(Database)
        async with work_over(taking, tenant) as work:
            for subject, at in zip(subjects, due, strict=True):
                work.later(kind, subject, at=at)
        return subjects

    async def do_all(self) -> None:
        while await self.relay.once():
            pass

    async def left(self, kind: str | None = None) -> list[asyncpg.Record]:
        """The traces, in the order in which they were left."""
        return await rows(self.url, "select * from effects where kind = coalesce($1, kind) order by n", kind)

    async def waiting(self, more: str = "true") -> list[asyncpg.Record]:
        return await rows(self.url, f"select * from work.envelopes where {more} order by due_at, id")


@asynccontextmanager
async def worker_over(
    database: TestDatabase, folder: Path, *, kind: type[Effects] = Effects, watches: Sequence[Watch] = ()
) -> AsyncIterator[Worker]:
    """One of perhaps several workers over a database that has the tables."""
    made_of = ingredients_of(database, folder, mail_port=1, pool_size=12, limits=UNLIMITED)
    container = worker_container(made_of, None, EffectsParts(kind))
    finding = Database(database.relay, size=3)
    try:
        yield Worker(database, container, finding, await relay_over(container, finding, watches, follow_ups=FOLLOW_UPS))
    finally:
        await finding.close()
        await container.close()


async def with_tables(database: TestDatabase) -> TestDatabase:
    """The same database, with a place for traces."""
    owner = await asyncpg.connect(database.owner)
    await owner.execute(TABLES)
    await owner.close()
    return database
