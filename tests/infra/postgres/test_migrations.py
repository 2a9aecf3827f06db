"""Migrations: one head, up, down and up again on data, two at once, killed half-way. Attacks C17 209 and 212."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from domains.shared.ids import new_id
from infra.postgres.migrate import configuration, downgrade, head, upgrade
from infra.postgres.tables import Privacy, metadata
from infra.postgres.url import asyncpg_url
from tests.security.catalogue.rule import TABLES
from tests.security.rows import stored_row
from tests.security.snapshot import snapshot
from tests.support.databases import Databases, TestDatabase
from tests.support.soon import until

PROGRAM = "import sys; from infra.postgres.migrate import upgrade; upgrade(sys.argv[1])"
PATIENCE = 120
PARTS = 6
"""What takes long together is shared out among processes."""


def revisions() -> list[str]:
    """From the first to the last."""
    found = ScriptDirectory.from_config(configuration("")).walk_revisions()
    return [script.revision for script in found][::-1]


def steps_back() -> Iterator[tuple[str, str]]:
    """Each revision, the last first, and the one that stands when it is undone."""
    known = ["base", *revisions()]
    return ((known[at], known[at - 1]) for at in reversed(range(1, len(known))))


async def up(database: TestDatabase, revision: str = "head") -> None:
    await asyncio.to_thread(upgrade, database.owner, revision)


async def fill(database: TestDatabase) -> set[str]:
    """A row in every table but those that hold one line for all."""
    inspector = await asyncpg.connect(database.admin)
    try:
        tables = [row["name"] for row in await inspector.fetch(f"select name from ({TABLES}) t")]
        tenant = new_id()
        for table in (table for table in tables if table not in {"alembic_version", "work.clock", "work.zone_rules"}):
            await stored_row(inspector, table, tenant)
        return set(tables)
    finally:
        await inspector.close()


def process(database: TestDatabase) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PROGRAM, database.owner], stderr=subprocess.PIPE, text=True)


def test_there_is_one_head() -> None:
    assert ScriptDirectory.from_config(configuration("")).get_heads() == [head()]
    assert revisions() == sorted(revisions())
    assert [path.name[:4] for path in sorted(Path("migrations/versions").glob("[0-9]*.py"))] == revisions()


async def test_up_down_and_up_again_on_data(databases: Databases) -> None:
    database = await databases.empty()
    assert (await snapshot(database.admin)) == (await snapshot((await databases.empty()).admin))
    await up(database)
    whole = await snapshot(database.admin)
    assert whole == await snapshot((await databases.new()).admin)
    assert {"customers", "directory.accounts", "directory.sessions", "work.envelopes"} <= await fill(database)
    await asyncio.to_thread(downgrade, database.owner, "base")
    left = [line for line in await snapshot(database.admin) if "alembic_version" not in line]
    assert left == await snapshot((await databases.empty()).admin)
    await up(database)
    assert await snapshot(database.admin) == whole


@pytest.mark.parametrize("part", range(PARTS))
async def test_each_is_undone_and_done_again_on_data(databases: Databases, part: int) -> None:
    steps = [*steps_back()]
    own = steps[len(steps) * part // PARTS : len(steps) * (part + 1) // PARTS]
    database = await databases.empty()
    await up(database, own[0][0])
    await fill(database)
    for revision, before in own:
        await asyncio.to_thread(downgrade, database.owner, before)
        without = await snapshot(database.admin)
        await up(database, revision)
        await fill(database)
        await asyncio.to_thread(downgrade, database.owner, before)
        assert await snapshot(database.admin) == without, revision


async def test_two_at_once_wait_for_one_another(databases: Databases) -> None:
    database = await databases.empty()
    inspector = await asyncpg.connect(database.admin)
    in_the_way = inspector.transaction()
    await in_the_way.start()
    await inspector.execute("create schema directory")
    both = [process(database) for _ in range(2)]
    await _until(inspector, "select count(*) = 2 from pg_locks where not granted")
    await in_the_way.rollback()
    await inspector.close()
    said = await asyncio.gather(*(asyncio.to_thread(one.communicate, timeout=PATIENCE) for one in both))
    assert [one.returncode for one in both] == [0, 0], said
    assert await snapshot(database.admin) == await snapshot((await databases.new()).admin)


async def test_one_that_is_killed_half_way_is_run_again(databases: Databases) -> None:
    database = await databases.empty()
    await up(database, revisions()[2])
    half = await snapshot(database.admin)
    inspector = await asyncpg.connect(database.admin)
    async with inspector.transaction():
        await inspector.execute("lock table alembic_version in share mode")
        migrating = process(database)
        await _until(inspector, "select exists (select from pg_locks where not granted and locktype = 'relation')")
        migrating.kill()
        migrating.communicate(timeout=PATIENCE)
    await _until(inspector, "select not exists (select from pg_stat_activity"
                 " where datname = current_database() and pid <> pg_backend_pid())")  # fmt: skip
    await inspector.close()
    assert await snapshot(database.admin) == half
    await up(database)
    assert await snapshot(database.admin) == await snapshot((await databases.new()).admin)


async def test_a_migration_does_not_wait_long_for_a_lock(databases: Databases) -> None:
    shown = await _during_migration(await databases.empty())
    assert shown == "5s"


async def test_the_models_are_the_schema(database: TestDatabase) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))

    engine = create_async_engine(asyncpg_url(database.owner))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert [entry for entry in found if "alembic_version" not in str(entry)] == []


def test_every_column_that_can_hold_words_says_what_it_holds() -> None:
    worded = [column for table in metadata.tables.values() for column in table.columns if _can_hold_words(column.type)]
    assert len(worded) > 20
    assert [str(column) for column in worded if not isinstance(column.info.get("privacy"), Privacy)] == []


def _can_hold_words(kind: object) -> bool:
    return type(kind).__name__.upper() in {
        "TEXT",
        "STRING",
        "VARCHAR",
        "ARRAY",
        "JSON",
        "JSONB",
        "LARGEBINARY",
        "BYTEA",
    }


async def _during_migration(database: TestDatabase) -> object:
    """What `lock_timeout` is in a revision's own transaction, asked by the server for whoever creates a schema."""
    inspector = await asyncpg.connect(database.admin)
    try:
        await inspector.execute("""
            create table seen (value text); grant insert on seen to public;
            create function note() returns event_trigger language plpgsql as
            $$ begin insert into public.seen values (current_setting('lock_timeout')); end $$;
            create event trigger note on ddl_command_end when tag in ('CREATE SCHEMA') execute function note();
        """)
        await up(database)
        return await inspector.fetchval("select min(value) from seen having min(value) = max(value)")
    finally:
        await inspector.close()


async def _until(inspector: asyncpg.Connection, question: str) -> None:
    await until(lambda: inspector.fetchval(question), within=PATIENCE)
