"""An API process under way: its clients, its readiness, its end."""

import asyncio
import signal
from collections.abc import Callable

import httpx

from tests.faults.processes import Process
from tests.support.people import Tenant
from tests.support.soon import until


def at(port: int, tenant: Tenant) -> Callable[[], httpx.AsyncClient]:
    """Makes clients of the API on `port`."""

    def make() -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            headers={"Authorization": f"Bearer {tenant.owner.token}"},
            timeout=20,
        )

    return make


async def readiness(port: int) -> int:
    """0 where nobody answers."""
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            return (await client.get(f"http://127.0.0.1:{port}/health/ready")).status_code
    except (httpx.ConnectError, httpx.ReadTimeout):
        return 0


async def until_ready(port: int, process: Process) -> None:
    async def is_ready() -> bool:
        assert process.process.poll() is None, process.said
        return await readiness(port) == 200

    await until(is_ready)


async def ended(process: Process) -> None:
    process.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait) == 0, process.said
