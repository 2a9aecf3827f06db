"""Attacks C1 25 and 26. `make soak` runs it with 100,000 transactions."""

import msgspec
import pytest

from tests.security.mixed_load import mixed_load
from tests.security.two_tenants import TwoTenants, two_tenants
from tests.support.databases import TestDatabase
from tests.support.pgbouncer import pgbouncer_to

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: rows by the inspector's hand")


async def test_no_row_of_another_tenant_is_seen_over_a_shared_pool(own_database: TestDatabase) -> None:
    tenants = await two_tenants(own_database)
    await is_kept_apart(tenants, tenants, transactions=5000)


@pytest.mark.pgbouncer
async def test_nor_through_a_pool_of_connections_in_transaction_mode(own_database: TestDatabase) -> None:
    tenants = await two_tenants(own_database)
    with pgbouncer_to(own_database.app, size=2) as near:
        through = msgspec.structs.replace(tenants, database=msgspec.structs.replace(own_database, app=near))
        await is_kept_apart(tenants, through, transactions=2000)


async def is_kept_apart(tenants: TwoTenants, through: TwoTenants, *, transactions: int) -> None:
    tally = await mixed_load(through, transactions=transactions)
    assert tally.foreign == 0
    assert tally.committed > transactions * 0.6
    assert tally.undone > transactions * 0.06
    assert tally.rows > 2 * tally.committed
    strangers = "select count(*) from events where tenant_id not in ($1, $2)"
    assert await tenants.inspect(strangers, tenants.a.tenant, tenants.b.tenant) == 0
    asked = "select count(*) from work.envelopes o join events e on (e.tenant_id, e.id) = (o.tenant_id, o.subject_id)"
    assert await tenants.inspect(asked) == await tenants.inspect("select count(*) from events")
