"""Attacks C1 25 and 26. `make soak` runs it with 100,000 transactions."""

import msgspec
import pytest

from tests.security.mixed_load import Tally, mixed_load
from tests.security.two_tenants import two_tenants
from tests.support.databases import TestDatabase
from tests.support.pgbouncer import pgbouncer_to

STRANGERS = "select count(*) from events where tenant_id not in ($1, $2)"
HAPPENED = "select count(*) from events"
TOLD_OF = "select count(*) from work.envelopes o join events e on (e.tenant_id, e.id) = (o.tenant_id, o.subject_id)"

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: rows by the inspector's hand")


async def test_no_row_of_another_tenant_is_seen_over_a_shared_pool(own_database: TestDatabase) -> None:
    tenants = await two_tenants(own_database)
    tally = await mixed_load(tenants, transactions=5000)
    assert tally.foreign == 0
    assert all(reached(tally, transactions=5000)), tally
    assert await tenants.inspect(STRANGERS, tenants.a.tenant, tenants.b.tenant) == 0
    assert await tenants.inspect(TOLD_OF) == await tenants.inspect(HAPPENED)


@pytest.mark.pgbouncer
async def test_nor_through_a_pool_of_connections_in_transaction_mode(own_database: TestDatabase) -> None:
    tenants = await two_tenants(own_database)
    with pgbouncer_to(own_database.app, size=2) as near:
        through = msgspec.structs.replace(tenants, database=msgspec.structs.replace(own_database, app=near))
        tally = await mixed_load(through, transactions=2000)
    assert tally.foreign == 0
    assert all(reached(tally, transactions=2000)), tally
    assert await tenants.inspect(STRANGERS, tenants.a.tenant, tenants.b.tenant) == 0
    assert await tenants.inspect(TOLD_OF) == await tenants.inspect(HAPPENED)


def reached(tally: Tally, *, transactions: int) -> list[bool]:
    """Whether the load was one: enough was committed, undone, and read."""
    return [
        tally.committed > transactions * 0.6,
        tally.undone > transactions * 0.06,
        tally.rows > 2 * tally.committed,
    ]
