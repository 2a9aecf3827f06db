"""Memory does not grow with what is asked, nor with how much is sent. Attack C15 191; an hour: `make soak-memory`."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from domains.shared.plans import Plan
from tests.faults.api_process import until_ready
from tests.faults.memory import MixedRequests, forget_peak, peak_megabytes, resident_megabytes
from tests.faults.processes import Process, environment, free_port, running
from tests.support.databases import TestDatabase
from tests.support.house import House
from tests.support.people import Tenant, new_tenant

WARM_UP, REQUESTS = 1_600, 2_400
MOST_GROWTH = 4.0
SENT = 10_000_000
MOST_FOR_A_BODY = 40.0


class Api:
    """A process, and where it listens."""

    def __init__(self, process: Process, port: int) -> None:
        self.pid = process.process.pid
        self.port = port

    def client(self, tenant: Tenant) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {tenant.owner.token}"}
        return httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}/api/v1", headers=headers, timeout=60)


@pytest.fixture
async def api(house: House, database: TestDatabase, tmp_path: Path) -> AsyncIterator[Api]:
    port = free_port()
    with running("api", environment(database, PORT=str(port)), tmp_path) as process:
        await until_ready(port, process)
        yield Api(process, port)


async def test_mixed_requests_leave_nothing_behind(api: Api, house: House) -> None:
    """Two kilobytes kept of each would be 5 MB: what is warm grows by less than that, noise included."""
    tenants = [await new_tenant(house, plan=Plan.UNLIMITED) for _ in range(4)]
    requests = MixedRequests(api.port, [tenant.owner.token for tenant in tenants])
    await requests.send(WARM_UP)
    before = resident_megabytes(api.pid)
    await requests.send(REQUESTS)
    grown = resident_megabytes(api.pid) - before
    assert requests.statuses.keys() == {200, 201, 400, 401, 404}, requests.statuses
    assert grown < MOST_GROWTH, f"{grown:.1f} MB for {REQUESTS} requests"


async def test_a_large_body_costs_little(api: Api, tenant: Tenant) -> None:
    """10 MB are taken as a file; as JSON they are refused. Neither is ever whole in memory more than a few times."""
    row = "Ada Lovelace,ada@example.com\n"
    rows = "Name,E-mail\n" + row * (SENT // len(row))
    async with api.client(tenant) as client:
        assert (await client.get("/customers")).status_code == 200
        before = resident_megabytes(api.pid)
        forget_peak(api.pid)
        too_many = await client.post("/customers/import", content=rows, headers={"Content-Type": "text/csv"})
        refused = await client.post("/customers", json={"name": "x" * SENT})
        assert (too_many.status_code, refused.status_code) == (400, 413)
    cost = peak_megabytes(api.pid) - before
    assert cost < MOST_FOR_A_BODY, f"{cost:.1f} MB"
