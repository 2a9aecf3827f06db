"""Attack C1 25. `make soak` runs it with 100,000 transactions."""

import pytest

from tests.security.mixed_load import mixed_load
from tests.security.two_tenants import two_tenants
from tests.support.databases import TestDatabase

pytestmark = pytest.mark.breaks_invariants("tenants that nobody founded: rows by the inspector's hand")


async def test_no_row_of_another_tenant_is_seen_over_a_shared_pool(own_database: TestDatabase) -> None:
    tenants = await two_tenants(own_database)
    tally = await mixed_load(tenants, transactions=5000)
    assert tally.foreign == 0
    assert tally.committed > 3000
    assert tally.undone > 300
    assert tally.rows > 2 * tally.committed
    strangers = "select count(*) from events where tenant_id not in ($1, $2)"
    assert await tenants.inspect(strangers, tenants.a.tenant, tenants.b.tenant) == 0
    asked = "select count(*) from work.envelopes o join events e on (e.tenant_id, e.id) = (o.tenant_id, o.subject_id)"
    assert await tenants.inspect(asked) == await tenants.inspect("select count(*) from events")
