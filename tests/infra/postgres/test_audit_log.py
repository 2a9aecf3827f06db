"""The audit log in Postgres: only ever added to, sealed without gaps, and every touch of it found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from domains.audit import VerificationView
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from infra.postgres.audit_log import PostgresAuditQueries
from infra.postgres.audit_trail import Circumstances, entered
from infra.postgres.binding import begin, roll_back
from infra.postgres.database import Database
from infra.postgres.recording import Origin
from infra.postgres.work import PostgresWork
from tests.support.databases import TestDatabase
from tests.support.fakes import NOON, StillClock, actor
from tests.support.sealing import seal_all, seals_of
from tests.support.soon import in_time

pytestmark = pytest.mark.breaks_invariants("tampers with the log, which must be found")

ORIGIN = Origin("request-1", UUID(int=7), ip="192.0.2.7", agent="Test/1")
ENTRIES = 6


class Log:
    """One tenant's audit log, written by the application and looked into by an administrator."""

    def __init__(self, database: TestDatabase, pool: Database) -> None:
        self.database = database
        self.asker: Actor = actor(Role.ADMIN)
        self._pool = pool

    @property
    def tenant(self) -> UUID:
        return self.asker.tenant

    def work(self) -> PostgresWork:
        return PostgresWork(self._pool, self.tenant, ORIGIN, {}, StillClock())

    async def note(self, times: int = 1) -> None:
        for _ in range(times):
            async with self.work() as work:
                work.note(Note(action="thing.done", subject=new_id()))

    async def verify(self) -> VerificationView:
        return await PostgresAuditQueries(self.asker, self.work()).verify()

    async def tamper(self, statement: str, *values: object) -> None:
        """As a superuser, whom neither row-level security nor a foreign key holds up."""
        admin = await asyncpg.connect(self.database.admin)
        try:
            async with admin.transaction():
                await admin.execute("set local session_replication_role = replica")
                assert await admin.execute(statement, *values) != "UPDATE 0"
        finally:
            await admin.close()

    async def count(self, statement: str) -> int:
        admin = await asyncpg.connect(self.database.admin)
        try:
            return int(await admin.fetchval(statement, self.tenant))
        finally:
            await admin.close()

    @asynccontextmanager
    async def as_role(self, url: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(url)
        try:
            await begin(connection, self.tenant)
            yield connection
            await roll_back(connection)
        finally:
            await connection.close()


@pytest.fixture
async def log(database: TestDatabase) -> AsyncIterator[Log]:
    pool = Database(database.app, size=96)
    yield Log(database, pool)
    await pool.close()


@pytest.fixture
async def sealed(log: Log) -> Log:
    await log.note(ENTRIES)
    await seal_all(log.database)
    found = await log.verify()
    assert (found.valid, found.sealed, found.tail) == (True, ENTRIES, 0)
    return log


FORBIDDEN = (
    "update audit_log set action = 'other'",
    "update audit_log set personal = null, personal_salt = null",
    "delete from audit_log",
    "truncate audit_log cascade",
    "insert into audit_seals select tenant_id, number + 100, gen_random_uuid(), null, null, hash from audit_seals",
    "update audit_seals set hash = ''",
    "delete from audit_seals",
    "truncate audit_seals",
    "update audit_chains set number = 0",
    "delete from audit_chains",
    "delete from work.unsealed",
    "select from work.unsealed",
    "select work.seal_audit(1)",
    "select from directory.security_events",
    "alter table audit_log disable row level security",
    "drop table audit_seals",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_the_application_adds_to_the_log_and_does_nothing_else_to_it(sealed: Log, statement: str) -> None:
    async with sealed.as_role(sealed.database.app) as app:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute(statement)
    assert (await sealed.verify()).valid


@pytest.mark.parametrize("table", ["audit_log", "audit_seals", "audit_chains"])
async def test_the_relay_seals_and_reads_nothing(sealed: Log, table: str) -> None:
    async with sealed.as_role(sealed.database.relay) as relay:
        assert await relay.fetchval("select work.seal_audit(10)") == 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await relay.execute(f"select from public.{table}")


COLUMNS: dict[str, str] = {
    "id": "gen_random_uuid()",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "actor_id": "null",
    "action": "'thing.undone'",
    "subject_id": "gen_random_uuid()",
    "request_id": "'request-2'",
    "changes": "'{ }'",
    "origin": "null",
    "origin_salt": "'\\x00'",
    "personal": "'{}'",
    "personal_salt": "'\\x00'",
    "tenant_id": "gen_random_uuid()",
}
SEAL_COLUMNS = {
    "number": "number + 1000",
    "entry_id": "gen_random_uuid()",
    "origin_digest": "sha256('')",
    "personal_digest": "sha256('')",
    "hash": "sha256('')",
    "tenant_id": "gen_random_uuid()",
}


async def test_each_column_of_an_entry_and_of_its_seal_is_tried(database: TestDatabase) -> None:
    admin = await asyncpg.connect(database.admin)
    try:
        for table, tried in (("audit_log", COLUMNS), ("audit_seals", SEAL_COLUMNS)):
            asked = "select attname from pg_attribute where attrelid = $1::text::regclass and attnum > 0"
            assert {row[0] for row in await admin.fetch(asked, table)} == set(tried)
    finally:
        await admin.close()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("number", [1, 4, ENTRIES])
async def test_a_changed_entry_is_found(sealed: Log, column: str, number: int) -> None:
    which = "select entry_id from audit_seals where tenant_id = $1 and number = $2"
    change = f"update audit_log set {column} = {COLUMNS[column]} where tenant_id = $1 and id = ({which})"
    await sealed.tamper(change, sealed.tenant, number)
    found = await sealed.verify()
    assert (found.valid, found.broken_at) == (False, number)


@pytest.mark.parametrize("column", SEAL_COLUMNS)
@pytest.mark.parametrize("number", [1, 4, ENTRIES])
async def test_a_changed_seal_is_found(sealed: Log, column: str, number: int) -> None:
    change = f"update audit_seals set {column} = {SEAL_COLUMNS[column]} where tenant_id = $1 and number = $2"
    await sealed.tamper(change, sealed.tenant, number)
    found = await sealed.verify()
    assert (found.valid, found.broken_at) == (False, number)


@pytest.mark.parametrize("number", [1, 4, ENTRIES])
@pytest.mark.parametrize("what", ["the seal", "the entry", "both", "both, and those after moved up"])
async def test_what_was_removed_is_found(sealed: Log, what: str, number: int) -> None:
    if what != "the seal":
        which = "select entry_id from audit_seals where tenant_id = $1 and number = $2"
        await sealed.tamper(f"delete from audit_log where tenant_id = $1 and id = ({which})", sealed.tenant, number)
    if what != "the entry":
        await sealed.tamper("delete from audit_seals where tenant_id = $1 and number = $2", sealed.tenant, number)
    if "moved up" in what and number < ENTRIES:
        move = "update audit_seals set number = number - 1 where tenant_id = $1 and number = $2"
        for after in range(number + 1, ENTRIES + 1):
            await sealed.tamper(move, sealed.tenant, after)
    found = await sealed.verify()
    assert (found.valid, found.broken_at) == (False, number)


async def test_what_changed_places_is_found(sealed: Log) -> None:
    for before, after in ((2, 1002), (3, 2), (1002, 3)):
        move = "update audit_seals set number = $3 where tenant_id = $1 and number = $2"
        await sealed.tamper(move, sealed.tenant, before, after)
    assert (await sealed.verify()).broken_at == 2


@pytest.mark.parametrize("change", ["number = number - 1", "number = number + 1", "hash = sha256('')"])
async def test_another_end_of_the_chain_is_found(sealed: Log, change: str) -> None:
    await sealed.tamper(f"update audit_chains set {change} where tenant_id = $1", sealed.tenant)
    found = await sealed.verify()
    assert not found.valid
    assert found.broken_at in {ENTRIES - 1, ENTRIES, ENTRIES + 1}


async def test_an_end_that_is_gone_is_found(sealed: Log) -> None:
    await sealed.tamper("delete from audit_chains where tenant_id = $1", sealed.tenant)
    assert (await sealed.verify()).broken_at == 1


async def test_many_writers_wait_for_nobody_and_are_sealed_without_a_gap(log: Log) -> None:
    together, each = 32, 5
    inside, release = asyncio.Semaphore(0), asyncio.Event()
    around = Circumstances(log.tenant, None, None, None, None, NOON)

    async def writer() -> None:
        for turn in range(each):
            async with log.work() as work:
                for write in entered(Note(action="thing.done"), around):
                    work.put(write.statement, *write.values)
                await work.connection.execute("select 1")
                if turn == 0:
                    inside.release()
                    await release.wait()

    async with in_time(20), asyncio.TaskGroup() as writers, seals_of(log.database) as seals:
        for _ in range(together):
            writers.create_task(writer())
        for _ in range(together):
            await inside.acquire()
        assert await seals.seal(log.tenant, 1000) == 0
        release.set()
        while await log.count("select count(*) from audit_seals where tenant_id = $1") < together * each:
            await asyncio.gather(*(seals.seal(log.tenant, 7) for _ in range(3)))
    found = await log.verify()
    assert (found.valid, found.sealed, found.tail) == (True, together * each, 0)
    gaps = "select max(number) - count(*) from audit_seals where tenant_id = $1"
    assert await log.count(gaps) == 0
    assert await log.count("select count(*) from work.unsealed where tenant_id = $1") == 0


async def test_a_sealer_that_is_killed_leaves_nothing_half_done(log: Log) -> None:
    await log.note(40)
    killed = await asyncpg.connect(log.database.relay)
    await begin(killed, log.tenant)
    assert await killed.fetchval("select work.seal_audit(25)") == 25
    async with seals_of(log.database) as seals:
        assert await seals.seal(log.tenant, 100) == 0
        assert (await log.verify()).tail == 40
        killed.terminate()
        freed = 0
        async with in_time(10):
            while not freed:
                freed = await seals.seal(log.tenant, 25)
        assert freed == 25
        assert await seals.seal(log.tenant, 25) == 15
        assert await seals.seal(log.tenant, 25) == 0
    found = await log.verify()
    assert (found.valid, found.sealed, found.tail) == (True, 40, 0)


async def test_sealing_without_a_tenant_does_nothing(log: Log) -> None:
    await log.note()
    relay = await asyncpg.connect(log.database.relay)
    try:
        assert await relay.fetchval("select work.seal_audit(10)") == 0
    finally:
        await relay.close()
    assert (await log.verify()).tail == 1


async def test_verifying_goes_on_beyond_one_batch(log: Log) -> None:
    await log.note(3)
    many = """
        with entry as (
            insert into audit_log (tenant_id, id, occurred_at, action, changes)
            select $1, gen_random_uuid(), now(), 'thing.done', '{}' from generate_series(1, 2500) returning *
        ) insert into work.unsealed select tenant_id, id from entry
    """
    await log.tamper(many, log.tenant)
    await seal_all(log.database)
    found = await log.verify()
    assert (found.valid, found.sealed, found.tail) == (True, 2503, 0)
    await log.tamper("update audit_seals set hash = '' where tenant_id = $1 and number = 2002", log.tenant)
    assert (await log.verify()).broken_at == 2002


async def test_an_entry_stands_and_falls_with_what_it_tells_of(log: Log) -> None:
    async def fail(work: PostgresWork) -> None:
        async with work:
            work.note(Note(action="thing.done"))
            await work.connection.execute("select from nowhere")

    work = log.work()
    with pytest.raises(asyncpg.UndefinedTableError):
        await fail(work)
    async with work:
        pass
    assert (await log.verify()).tail == 0


async def test_reading_the_log_by_any_filter_uses_an_index(log: Log) -> None:
    fill = """
        insert into audit_log (tenant_id, id, occurred_at, actor_id, subject_id, action, changes)
        select ('00000000-0000-7000-8000-' || lpad((n % 50)::text, 12, '0'))::uuid, gen_random_uuid(),
               now() - n * interval '1 minute', gen_random_uuid(), gen_random_uuid(), 'thing.done', '{}'
        from generate_series(1, 20000) n
    """
    await log.tamper(fill)
    await log.tamper("analyze audit_log")
    async with log.as_role(log.database.app) as app:
        for condition in (
            "true",
            "actor_id = gen_random_uuid()",
            "subject_id = '00000000-0000-7000-8000-000000000001'",
        ):
            asked = f"select id from audit_log where {condition} order by occurred_at desc, id desc limit 20"
            plan: list[Any] = await app.fetch(f"explain {asked}")
            assert "Seq Scan" not in str(plan), condition
            assert "Index" in str(plan), condition
    await log.tamper("delete from audit_log where tenant_id::text like '00000000-0000-7000-8000-%'")
