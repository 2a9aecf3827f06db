"""Databases with many rows of a few tenants, and how a search among them is planned."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.ids import new_id
from infra.postgres.binding import begin
from tests.support.databases import Databases, TestDatabase


class Crowd(msgspec.Struct, frozen=True):
    """A database with many rows, and its tenants."""

    database: TestDatabase
    tenants: list[UUID]

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the application's role, bound to nobody."""
        connection = await asyncpg.connect(self.database.app)
        try:
            yield connection
        finally:
            await connection.close()


async def crowd_of(databases: Databases, fill: str) -> Crowd:
    """`fill` is the SQL that makes the tenants and their rows."""
    database = await databases.new()
    admin = await asyncpg.connect(database.admin)
    try:
        await admin.execute(fill)
        return Crowd(database, [row["tenant_id"] for row in await admin.fetch("select tenant_id from tenants")])
    finally:
        await admin.close()


async def found_by_each(crowd: Crowd, asked: str, table: str, *given: str) -> list[tuple[list[UUID], list[UUID]]]:
    """The ids that `asked` finds, and those among them of rows of the table that the asker sees.

    Asked by each tenant, then with no tenant bound, then with one that there is not.
    """
    found = []
    async with crowd.connected() as app:
        for tenant in (*crowd.tenants, None, new_id()):
            await begin(app, tenant)
            ids = [row["id"] for row in await app.fetch(asked, *given)]
            own = await app.fetch(f"select id from {table} where id = any ($1)", ids)
            found.append((ids, [row["id"] for row in own]))
            await app.execute("rollback")
    return found


async def plan_of(url: str, tenant: UUID, sql: str) -> list[dict[str, Any]]:
    """The nodes of the plan: at the owner's address as the role of the search functions, else the application's."""
    connection = await asyncpg.connect(url)
    try:
        await begin(connection, tenant)
        if "frontdesk_owner" in url:
            await connection.execute("set local role frontdesk_search")
        await connection.execute("set local search_path = pg_catalog, extensions, public")
        return list(_nodes(json.loads(await connection.fetchval(f"explain (format json) {sql}"))[0]["Plan"]))
    finally:
        await connection.close()


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for below in plan.get("Plans", ()) for node in _nodes(below))]
