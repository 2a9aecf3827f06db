"""Attack C1 5: each tenant table, command, bound tenant and row crossed, generated from the catalogue."""

import asyncpg
import pytest

from tests.security import matrix, rows
from tests.support.databases import TestDatabase

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: rows by the inspector's hand")


async def test_every_command_on_every_table_reaches_the_bound_tenants_rows_only(database: TestDatabase) -> None:
    inspector = await asyncpg.connect(database.admin)
    try:
        assert await matrix.breaches(inspector) == []
        tables = await matrix.tenant_tables(inspector)
        assert {"public.customers", "public.events", "public.tenants", "public.users", "work.envelopes"} <= set(tables)
        assert await inspector.fetchval("select count(*) from work.envelopes where kind ~ '^value-'") == 0
    finally:
        await inspector.close()


async def test_a_table_that_no_row_can_be_made_for_is_not_passed_over(database: TestDatabase) -> None:
    inspector = await asyncpg.connect(database.admin)
    try:
        transaction = inspector.transaction()
        await transaction.start()
        await inspector.execute("create table odd (tenant_id uuid primary key, size int check (size > 1000))")
        with pytest.raises(rows.CannotMake, match="odd"):
            await matrix.breaches(inspector)
        await transaction.rollback()
    finally:
        await inspector.close()
