"""Customers imported from files over HTTP, carried out in the test's process."""

from typing import Any

import httpx

from tests.support.house import House
from tests.support.jobs import bench_over
from tests.support.people import Person

Json = dict[str, Any]
CSV = {"Content-Type": "text/csv"}


async def send(client: httpx.AsyncClient, content: str | bytes, **params: str) -> httpx.Response:
    body = content.encode() if isinstance(content, str) else content
    return await client.post("/customers/import", content=body, headers=CSV, params=params)


async def imported(house: House, person: Person, content: str | bytes, **params: str) -> Json:
    """The job of an import when it has ended."""
    async with house.client(person.token) as client, bench_over(house) as bench:
        begun = await send(client, content, **params)
        assert begun.status_code == 202, begun.text
        await bench.run_all()
        await house.follow_up()
        job: Json = (await client.get(f"/jobs/{begun.json()['id']}")).json()
    return job


async def customers_of(house: House, person: Person) -> dict[str, Json]:
    """All current customers by name or company."""
    found: dict[str, Json] = {}
    cursor: dict[str, str] = {}
    async with house.client(person.token) as client:
        while True:
            page = (await client.get("/customers", params={"limit": "100", "sort": "createdAt", **cursor})).json()
            found.update({item["name"] or item["company"]: item for item in page["items"]})
            if page["nextCursor"] is None:
                return found
            cursor = {"cursor": page["nextCursor"]}
