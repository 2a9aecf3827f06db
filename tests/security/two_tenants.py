"""Two tenants with a customer each, and connections bound to one of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.ids import new_id
from infra.postgres.binding import begin, roll_back
from tests.security.rows import Row, make_row, stored_row
from tests.support.databases import TestDatabase


class Side(msgspec.Struct, frozen=True):
    """A tenant, its stored customer, and another one that is not stored yet."""

    tenant: UUID
    customer: UUID
    another: Row


class TwoTenants(msgspec.Struct, frozen=True):
    """A and B in one database."""

    database: TestDatabase
    a: Side
    b: Side

    @asynccontextmanager
    async def bound(self, tenant: UUID | None) -> AsyncIterator[asyncpg.Connection]:
        """The application's connection inside a transaction, which is undone at the end."""
        connection = await asyncpg.connect(self.database.app)
        try:
            await begin(connection, tenant)
            yield connection
            await roll_back(connection)
        finally:
            await connection.close()

    async def inspect(self, query: str, *values: object) -> object:
        """One value, as the superuser sees it."""
        inspector = await asyncpg.connect(self.database.admin)
        try:
            return await inspector.fetchval(query, *values)
        finally:
            await inspector.close()


async def two_tenants(database: TestDatabase) -> TwoTenants:
    inspector = await asyncpg.connect(database.admin)
    try:
        return TwoTenants(database, await _side(inspector), await _side(inspector))
    finally:
        await inspector.close()


async def _side(inspector: asyncpg.Connection) -> Side:
    tenant = new_id()
    stored = await stored_row(inspector, "customers", tenant)
    return Side(tenant, UUID(stored.values["id"]), await make_row(inspector, "customers", tenant))
