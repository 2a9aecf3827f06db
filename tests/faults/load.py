"""Clients that create customers at a steady rate, and write down what became of each request."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx

from domains.shared.ids import new_id
from tests.support.soon import PATIENCE, until


class Load:
    """`clients` one after another send `rate` requests a second in all, each client over its own connections.

    `refused` counts connections that were not taken: nobody accepted those requests.
    """

    def __init__(self, make_client: Callable[[], httpx.AsyncClient], *, clients: int, rate: float) -> None:
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []
        self.refused = 0
        self._mark = f"load-{new_id()}"
        self._numbers = itertools.count(1)
        self._make_client = make_client
        self._clients = clients
        self._pause = clients / rate

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        """Send until left, then wait for the last answers."""
        stop = asyncio.Event()
        sending = [asyncio.create_task(self._send(stop)) for _ in range(self._clients)]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*sending)

    async def answered(self, more: int, *, seconds: float = PATIENCE) -> None:
        """Wait until `more` requests have been acknowledged than now."""
        wanted = len(self.acknowledged) + more
        await until(lambda: len(self.acknowledged) >= wanted, within=seconds)

    async def turned_away(self, more: int) -> None:
        """Wait until `more` requests have been answered with 503 than now."""
        wanted = self.statuses[httpx.codes.SERVICE_UNAVAILABLE] + more
        await until(lambda: self.statuses[httpx.codes.SERVICE_UNAVAILABLE] >= wanted)

    async def stored(self, admin_url: str) -> Counter[str]:
        """How often each name of this load is stored."""
        inspector = await asyncpg.connect(admin_url)
        try:
            found = await inspector.fetch("select name from customers where name like $1", f"{self._mark}-%")
        finally:
            await inspector.close()
        return Counter(row["name"] for row in found)

    async def _send(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        async with self._make_client() as client:
            while not stop.is_set():
                began = loop.time()
                await self._create(client, f"{self._mark}-{next(self._numbers)}")
                await asyncio.wait(
                    {asyncio.ensure_future(stop.wait())}, timeout=max(0, began + self._pause - loop.time())
                )

    async def _create(self, client: httpx.AsyncClient, name: str) -> None:
        try:
            answer = await client.post("/customers", json={"name": name})
        except httpx.ConnectError:
            self.refused += 1
        except httpx.HTTPError as error:
            self.failures.append(f"{name}: {error!r}")
        else:
            self.statuses[answer.status_code] += 1
            if answer.status_code == httpx.codes.CREATED:
                self.acknowledged.append(name)
