"""Customers over HTTP."""

from tests.support.house import House
from tests.support.people import Tenant


async def test_a_customer_is_created_and_read_back(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={"name": "Grace Hopper", "emails": ["Grace@Example.com"]})
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["emails"] == ["grace@example.com"]
        assert answer.headers["ETag"] == '"1"'
        found = await client.get(f"/customers/{made['id']}")
        assert answer.headers["Location"] == f"/api/v1/customers/{made['id']}"
        assert found.json() == made
