"""Calls are counted in memory, and stored once whatever fails on the way."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from domains.shared.actor import Actor
from domains.shared.ids import new_id
from domains.shared.permissions import Permission, Role
from domains.tenants import Calls
from infra.call_counting import CountedCalls
from infra.postgres.database import Database
from infra.postgres.usage import PostgresCallCounts
from tests.support.databases import rows
from tests.support.house import House
from tests.support.people import Tenant

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
STORED = "select since, calls, by_keys, refused, failed from api_calls where tenant_id = $1 order by since"


class Store:
    """A `CallCounts` in memory, that may be gone."""

    def __init__(self) -> None:
        self.found: dict[UUID, list[dict[datetime, Calls]]] = {}
        self.refuses: set[UUID] = set()

    async def add(self, tenant: UUID, counts: Mapping[datetime, Calls]) -> None:
        if tenant in self.refuses:
            raise ConnectionResetError
        self.found.setdefault(tenant, []).append(dict(counts))


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


def actor(tenant: UUID, *, is_key: bool = False) -> Actor:
    scopes = frozenset({Permission.CUSTOMERS_READ}) if is_key else None
    return Actor(tenant=tenant, user=new_id(), account=new_id(), session=new_id(), role=Role.STAFF, scopes=scopes)


async def test_they_are_counted_by_the_quarter_of_an_hour() -> None:
    store, watch, tenant = Store(), Watch(), new_id()
    counting = CountedCalls(store, watch)
    for minutes, status, is_key in ((0, 200, False), (14, 404, True), (15, 503, False), (16, 499, True)):
        watch.at = NOON + timedelta(minutes=minutes)
        counting.called(actor(tenant, is_key=is_key), status=status)
    await counting.flush()
    await counting.flush()
    assert store.found == {
        tenant: [
            {
                NOON: Calls(total=2, by_keys=1, refused=1),
                NOON + timedelta(minutes=15): Calls(total=2, by_keys=1, refused=1, failed=1),
            }
        ]
    }


async def test_what_cannot_be_stored_is_stored_later_and_holds_up_no_other() -> None:
    store, gone, other = Store(), new_id(), new_id()
    counting = CountedCalls(store, Watch())
    store.refuses = {gone}
    for tenant in (gone, other, gone):
        counting.called(actor(tenant), status=200)
    await counting.flush()
    assert store.found == {other: [{NOON: Calls(total=1)}]}
    counting.called(actor(gone), status=200)
    store.refuses = set()
    await counting.flush()
    assert store.found[gone] == [{NOON: Calls(total=3)}]


@pytest.fixture
async def counts(house: House) -> PostgresCallCounts:
    return PostgresCallCounts(await house.container.get(Database))


async def test_processes_add_to_one_count_and_what_is_old_goes(
    house: House, tenant: Tenant, counts: PostgresCallCounts
) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    kept, old = now - timedelta(days=399), now - timedelta(days=401)
    await counts.add(tenant.id, {kept: Calls(2, 1, 1, 0), old: Calls(5)})
    await counts.add(tenant.id, {now: Calls(4, 0, 0, 4), kept: Calls(1)})
    found = await rows(house.database.admin, STORED, tenant.id)
    assert [tuple(row) for row in found] == [(kept, 3, 1, 1, 0), (now, 4, 0, 0, 4)]


async def test_a_tenant_that_is_gone_has_none(house: House, counts: PostgresCallCounts) -> None:
    gone = new_id()
    await counts.add(gone, {NOON: Calls(1)})
    assert await rows(house.database.admin, STORED, gone) == []
