"""Invoices as tests need them, made over HTTP."""

from typing import Any

import httpx

from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved

Json = dict[str, Any]


async def asked(house: House, tenant: Tenant, method: str, path: str, **kwargs: Any) -> httpx.Response:
    """As the owner."""
    async with house.client(tenant.owner.token) as client:
        return await client.request(method, path, **kwargs)


async def an_invoice(house: House, tenant: Tenant, **fields: Any) -> Json:
    """A draft for a customer of its own."""
    customer = fields.pop("customerId", None) or await a_customer(house, tenant)
    answer = await asked(house, tenant, "POST", "/invoices", json={"customerId": customer, "items": [ITEM], **fields})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def invoice_moved(house: House, tenant: Tenant, invoice: str, status: str) -> Json:
    """The invoice with its new status."""
    answer = await asked(house, tenant, "PATCH", f"/invoices/{invoice}/status", json={"status": status})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def issued(house: House, tenant: Tenant, **fields: Any) -> Json:
    """One that was sent."""
    return await invoice_moved(house, tenant, (await an_invoice(house, tenant, **fields))["id"], "sent")


async def shown(house: House, tenant: Tenant, invoice: str) -> Json:
    return dict((await asked(house, tenant, "GET", f"/invoices/{invoice}")).json())


async def credited(house: House, tenant: Tenant, invoice: str, **body: Any) -> Json:
    answer = await asked(house, tenant, "POST", f"/invoices/{invoice}/credit-notes", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def an_accepted_quote(house: House, tenant: Tenant, **fields: Any) -> Json:
    quote = await a_quote(house, tenant, **fields)
    await moved(house, tenant, quote["id"], "sent")
    return await moved(house, tenant, quote["id"], "accepted")
