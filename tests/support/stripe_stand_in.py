"""The stand-in for Stripe on a port of this process, and Stripe's own SDK as its client."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import stripe
import uvicorn

from infra.sandbox.stripe import StandIn
from infra.sandbox.stripe.book import Book
from infra.stripe.accounts import PlatformKeys
from tests.support.soon import becomes

SECRET_KEY = "sk_test_platform0001"
PUBLISHABLE_KEY = "pk_test_platform0001"
WEBHOOK_SECRET = "whsec_platform0001"


def keys_of(address: str) -> PlatformKeys:
    """The platform's keys, for a stand-in at `address`."""
    return PlatformKeys(
        secret_key=SECRET_KEY, publishable_key=PUBLISHABLE_KEY, webhook_secrets=(WEBHOOK_SECRET,), address=address
    )


class StripeHouse:
    """The stand-in at `address`; `client` is the SDK's, with the platform's key."""

    def __init__(self, stand_in: StandIn, address: str) -> None:
        self.stand_in = stand_in
        self.address = address
        self._clients: list[stripe.HTTPXClient] = []
        self.client = self.client_with(SECRET_KEY)

    def client_with(self, key: str, **options: Any) -> Any:
        http = stripe.HTTPXClient(timeout=options.pop("timeout", 10), allow_sync_methods=False)
        self._clients.append(http)
        return stripe.StripeClient(
            key, base_addresses={"api": self.address}, http_client=http, max_network_retries=0, **options
        ).v1

    async def close(self) -> None:
        for http in self._clients:
            await http.close_async()  # type: ignore[no-untyped-call]  # the library leaves it untyped

    async def control(self, verb: str, **order: Any) -> Any:
        async with httpx.AsyncClient(base_url=self.address) as client:
            answer = await client.post(f"/_control/{verb}", json=order)
        return answer.raise_for_status().json()

    async def pay(self, intent: str, card: str = "4242424242424242") -> Any:
        """Pay by card, as a browser would."""
        return await self.control("confirm", intent=intent, card=card)

    async def deliver(self) -> None:
        """Send all that is due, until nothing is."""
        while await self.stand_in.delivering.once():
            pass


@asynccontextmanager
async def stripe_house(
    *, url: str = "http://127.0.0.1:1/nowhere", webhooks: httpx.AsyncClient | None = None
) -> AsyncIterator[StripeHouse]:
    """`url` is where the platform's events go, through `webhooks`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        client = webhooks or httpx.AsyncClient(timeout=5)
        stand_in = StandIn(Book(None), client, address=address)
        stand_in.open_account(
            secret_key=SECRET_KEY, publishable_key=PUBLISHABLE_KEY, url=url, webhook_secret=WEBHOOK_SECRET
        )
        server = uvicorn.Server(uvicorn.Config(stand_in.app, log_config=None, lifespan="off", interface="asgi3"))
        serving = asyncio.create_task(server._serve([listening]))
        await becomes(True, lambda: _started(server), within=10)
        house = StripeHouse(stand_in, address)
        yield house
        await house.close()
        server.should_exit = True
        server.force_exit = True
        await serving
        await client.aclose()
        stand_in.book.close()


async def _started(server: uvicorn.Server) -> bool:
    return server.started
