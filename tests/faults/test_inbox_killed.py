"""A worker is killed at each point at which a webhook's effect waits: it takes effect once. Attack C5 80 (c)."""

from pathlib import Path
from uuid import UUID

from tests.faults.doomed import POINTS, doomed
from tests.support.customers import make_customer
from tests.support.databases import TestDatabase, rows
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.post_office import post_office
from tests.support.toy_provider import ToyParts, toy_house

NO_MAIL = "smtp://127.0.0.1:1"


async def test_killed_while_it_applies(own_database: TestDatabase, tmp_path: Path) -> None:
    before, unfinished = list[str](), 0
    async with (
        house_over(own_database, tmp_path / "house") as house,
        toy_house(own_database, tmp_path) as toy,
        post_office(own_database, NO_MAIL, ToyParts()) as office,
        doomed(own_database, NO_MAIL) as worker,
    ):
        tenant = await new_tenant(house)
        integration = await toy.integrate(tenant.id, "key")
        async with house.client(tenant.owner.token) as client:
            for point in POINTS:
                customer = (await make_customer(client))["id"]
                event = {"id": f"evt_{point}", "type": "tagged", "customer": customer, "tag": "paid"}
                assert (await toy.deliver("key", integration, event)).status_code == 200
                was_killed = await worker.dies("work", tenant.id, tenant.id, at=point)
                before = await tags(own_database, customer)
                unfinished += before == []
                await office.let_time_pass(tenant.id)
                await office.work()
                assert await tags(own_database, customer) == ["paid"], point
                if not was_killed:
                    break
    assert before == ["paid"], "left alone, it is applied"
    assert unfinished > 2


async def tags(database: TestDatabase, customer: str) -> list[str]:
    [row] = await rows(database.admin, "select tags from customers where id = $1", UUID(customer))
    return list(row["tags"])
