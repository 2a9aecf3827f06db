"""A business with a calendar, over HTTP."""

from typing import Any

import httpx
import msgspec

from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Tenant, new_person

Json = dict[str, Any]
EVERY_DAY = {
    day: [{"opens": "09:00", "closes": "17:00"}]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


class Desk(msgspec.Struct, frozen=True):
    """A tenant with a customer, a service and somebody who carries it out, from nine to five in New York."""

    house: House
    tenant: Tenant
    customer: str
    service: str
    staff: str

    def client(self) -> httpx.AsyncClient:
        return self.house.client(self.tenant.owner.token)

    async def book(self, **fields: Any) -> httpx.Response:
        """Try to book the person for the service."""
        body = {"customerId": self.customer, "serviceId": self.service, "staffId": self.staff, **fields}
        async with self.client() as client:
            return await client.post("/appointments", json={k: v for k, v in body.items() if v is not None})

    async def booked(self, **fields: Any) -> Json:
        answer = await self.book(**fields)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def available(self, **params: Any) -> Json:
        async with self.client() as client:
            answer = await client.get("/appointments/availability", params={"serviceId": self.service, **params})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


async def new_desk(house: House, tenant: Tenant, **service: Any) -> Desk:
    """`service` are fields of the service: 60 minutes with a quarter of an hour after it, where they say nothing."""
    staff = str((await new_person(house, tenant, Role.STAFF)).user)
    body = {"name": "Boiler inspection", "durationMinutes": 60, "bufferAfter": 15, "staffIds": [staff], **service}
    async with house.client(tenant.owner.token) as client:
        customer = await client.post(
            "/customers", json={"name": "Grace Hopper", "emails": [f"grace@{tenant.slug}.example.com"]}
        )
        offered = await client.post("/services", json=body)
        assert offered.status_code == 201, offered.text
        hours = await client.put(f"/staff/{staff}/hours", json={"hours": EVERY_DAY})
        assert hours.status_code == 200, hours.text
        policy = {"noticeMinutes": 0, "stepMinutes": 30, "horizonDays": 730}
        assert (await client.patch("/appointments/policy", json=policy)).status_code == 200
    return Desk(house, tenant, customer.json()["id"], offered.json()["id"], staff)
