"""Erasing a person empties every column that is declared to be personal, in every table. Attack 220."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Column, ForeignKeyConstraint

from domains.shared.ids import new_id
from infra.postgres.database import Database
from infra.postgres.erasure import BY_ADDRESS, BY_ITS_OWN_FUNCTION, statements
from infra.postgres.tables import Names, Privacy, metadata
from infra.postgres.users import PostgresDepartures
from tests.security.rows import stored_row
from tests.support.databases import TestDatabase
from tests.support.fakes import NOON
from tests.support.people import Tenant
from tests.support.work import work_over

MARK = "marked"
_MARKED = {
    "TEXT": f"'{MARK}'",
    "ARRAY": f"'{{{MARK}}}'",
    "JSON": f"""'{{"a": "{MARK}"}}'""",
    "JSONB": f"""'{{"a": "{MARK}"}}'""",
    "DATE": "'1815-12-10'",
}
CHOSEN = {"users.status": "'busy'"}
"""Values of columns that take only some."""
BEYOND_FOREIGN_KEYS = "set local session_replication_role = replica"
"""For ids of people in columns that name customers, too."""


def columns_of_ids() -> list[Column[object]]:
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if column.type.python_type is UUID and column.name != "tenant_id"
    ]


def about_people(whom: Names) -> list[Column[object]]:
    return [column for column in columns_of_ids() if column.info.get("names") is whom]


def personal(column: Column[object]) -> list[Column[object]]:
    """The personal columns beside `column` that somebody writes."""
    return [
        each
        for each in column.table.columns
        if each.info.get("privacy") is Privacy.PERSONAL and each.computed is None and "search_" not in each.name
    ]


@pytest.fixture
async def inspector(database: TestDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.admin)
    yield connection
    await connection.close()


async def erased(database: TestDatabase, tenant: Tenant, user: object) -> None:
    pool = Database(database.app, size=2)
    async with work_over(pool, tenant.id) as work:
        await PostgresDepartures(work).erase(user, now=NOON)  # type: ignore[arg-type]  # a UUID of the test's
    await pool.close()


def test_every_column_of_ids_says_whom_it_names() -> None:
    assert len(columns_of_ids()) > 8
    assert [str(column) for column in columns_of_ids() if not isinstance(column.info.get("names"), Names)] == []


def test_a_table_with_personal_columns_that_refers_to_users_is_erased() -> None:
    """Where a foreign key leads to users, its columns say whether the row is about that person."""
    referring = [
        constraint
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name == "users"
    ]
    columns = [column for constraint in referring for column in constraint.columns if column.name != "tenant_id"]
    assert all(column.info.get("names") for column in columns)
    assert {column.table.name for column in about_people(Names.PERSON)} >= {"users"}
    assert "audit_log" in BY_ITS_OWN_FUNCTION
    assert len(statements()) == len(BY_ADDRESS) + len(about_people(Names.PERSON)) + len(about_people(Names.SUBJECT))


@pytest.mark.breaks_invariants("made-up rows in every table")
async def test_nothing_personal_is_left_in_any_table(
    database: TestDatabase, tenant: Tenant, inspector: asyncpg.Connection
) -> None:
    user = tenant.owner.user
    for column in about_people(Names.PERSON):
        table = column.table.name
        if table != "users":
            row = await stored_row(inspector, table, tenant.id)
            await inspector.execute(f"update {table} set {column.name} = $1 where id = $2", user, row.values["id"])
        for each in personal(column):
            value = CHOSEN.get(str(each), _MARKED[type(each.type).__name__.upper()])
            await inspector.execute(f"update {table} set {each.name} = {value} where {column.name} = $1", user)
    before = await left(inspector, tenant, user)
    assert "users.bio" in before
    await erased(database, tenant, user)
    assert await left(inspector, tenant, user) == []
    shown = await inspector.fetchrow("select * from users where id = $1", user)
    assert shown
    assert MARK not in str(dict(shown))
    assert str(tenant.owner.account) not in str(dict(shown))
    assert shown["display_name"] == "Former user"
    assert "former user" in shown["search_everyone"]
    await erased(database, tenant, user)
    assert await inspector.fetchval("select version from users where id = $1", user) == shown["version"]


async def left(inspector: asyncpg.Connection, tenant: Tenant, user: object) -> list[str]:
    """The personal columns that still hold what was put there."""
    found = []
    for column in about_people(Names.PERSON):
        for each in personal(column):
            value = CHOSEN.get(str(each), f"'%{MARK}%'")
            if type(each.type).__name__.upper() == "DATE":
                value = "'1815%'"
            held = f"select exists (select from {column.table.name} where tenant_id = $1 and {column.name} = $2"
            if await inspector.fetchval(f"{held} and {each.name}::text like {value})", tenant.id, user):
                found.append(str(each))
    return found


@pytest.mark.breaks_invariants("made-up rows in every table")
async def test_rows_that_are_nothing_without_the_person_go(
    database: TestDatabase, tenant: Tenant, inspector: asyncpg.Connection
) -> None:
    user, other = tenant.owner.user, new_id()
    for column in about_people(Names.SUBJECT):
        for whose in (user, other):
            row = await stored_row(inspector, column.table.name, tenant.id)
            async with inspector.transaction():
                await inspector.execute(BEYOND_FOREIGN_KEYS)
                await inspector.execute(
                    f"update {column.table.name} set {column.name} = $1 where {column.name} = $2",
                    whose,
                    row.values[column.name],
                )
    await erased(database, tenant, user)
    for column in about_people(Names.SUBJECT):
        theirs = f"select {column.name} from {column.table.name} where tenant_id = $1 and {column.name} in ($2, $3)"
        rows = await inspector.fetch(theirs, tenant.id, user, other)
        assert [row[0] for row in rows] == [other], column


@pytest.mark.breaks_invariants("made-up rows in every table")
async def test_another_person_keeps_everything(
    database: TestDatabase, tenant: Tenant, inspector: asyncpg.Connection
) -> None:
    everybody_else = "select * from users where tenant_id = $1 and id <> $2 order by id"
    before = await inspector.fetch(everybody_else, tenant.id, tenant.owner.user)
    await erased(database, tenant, tenant.owner.user)
    assert await inspector.fetch(everybody_else, tenant.id, tenant.owner.user) == before
