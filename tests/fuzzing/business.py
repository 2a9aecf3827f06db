"""A business that has something of everything: lists that are empty lead a fuzzer nowhere."""

from typing import Any

from tests.support.calendars import new_desk
from tests.support.days import TEN, on
from tests.support.house import House
from tests.support.invoices import an_accepted_quote, asked, issued
from tests.support.people import Tenant
from tests.support.quotes import ITEM


async def furnished(house: House, tenant: Tenant) -> None:
    """Give the tenant a calendar that visitors may book, a visit, a quote, and invoices: partly paid, and recurring."""

    async def made(path: str, body: dict[str, Any]) -> None:
        answer = await asked(house, tenant, "POST", path, json=body)
        assert answer.status_code == 201, answer.text

    desk = await new_desk(house, tenant, bookableOnline=True)
    await desk.booked(startsAt=TEN)
    await an_accepted_quote(house, tenant, customerId=desk.customer)
    invoice = await issued(house, tenant, customerId=desk.customer)
    await made(f"/invoices/{invoice['id']}/payments", {"amount": 1_000, "method": "cash"})
    recurs = {"every": "month", "startsOn": on(1)}
    await made("/recurring-invoices", {"customerId": desk.customer, "items": [ITEM], **recurs})
