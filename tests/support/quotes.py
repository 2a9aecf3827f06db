"""Quotes as tests need them, made over HTTP."""

from typing import Any

from tests.support.house import House
from tests.support.people import Tenant

ITEM: dict[str, Any] = {
    "description": "Replace the tap",
    "unitPrice": 10_000,
    "taxes": [{"name": "VAT", "rate": "20"}],
}


async def a_customer(house: House, tenant: Tenant, **fields: Any) -> str:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/customers", json={"name": "Grace", **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def a_quote(house: House, tenant: Tenant, **fields: Any) -> dict[str, Any]:
    """A draft for a customer of its own."""
    customer = fields.pop("customerId", None) or await a_customer(house, tenant)
    async with house.client(tenant.owner.token) as client:
        answer = await client.post("/quotes", json={"customerId": customer, "items": [ITEM], **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def moved(house: House, tenant: Tenant, quote: str, status: str, **fields: Any) -> dict[str, Any]:
    """The quote with its new status."""
    async with house.client(tenant.owner.token) as client:
        answer = await client.patch(f"/quotes/{quote}/status", json={"status": status, **fields})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())
