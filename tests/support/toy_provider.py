"""A provider for tests: signed events that add a tag to a customer, so that tags count effects."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from dishka import Provider, Scope, provide
from dishka.integrations.litestar import FromDishka
from litestar import Request, post

from api.app import create_app
from api.edge import EdgeSettings
from api.json_text import read_json
from api.webhooks import WEBHOOK, RouteKey, incoming
from domains.inbox import Appliers, Delivery, InboundProviders, Incoming, NotYet, Receiving, Route
from domains.shared.ids import new_id
from domains.shared.limits import RateLimits
from frontdesk.container import http_container, worker_container
from frontdesk.relaying import relay_over
from frontdesk.wiring.inbox import AppliersByName
from infra.postgres.database import Database
from infra.postgres.routes import PostgresRoutes
from infra.postgres.work import PostgresWork
from infra.webhooks.signature import must_be_signed, stamped
from tests.support.databases import TestDatabase
from tests.support.house import BASE_URL, cut_short, ingredients_of
from tests.support.work import work_over
from workers.relay import Relay

HEADER = "toy-signature"
UNLIMITED = RateLimits.off()


def _nothing() -> None:
    """Nobody hears."""


class ToyProvider:
    """Its secrets are those of the integration: `old-<id>` and `<id>`. `proven` hears of each good signature."""

    def __init__(self, proven: Callable[[], None]) -> None:
        self._proven = proven

    async def authenticate(self, incoming: Incoming, route: Route) -> str:
        secrets = [f"old-{route.subject}", str(route.subject)]
        must_be_signed(incoming.body, incoming.headers.get(HEADER), secrets=secrets, now=datetime.now(UTC))
        self._proven()
        return str(read_json(incoming.body).get("id", ""))


class ToyApplier:
    """`{"id", "type": "tagged", "customer", "tag"}`; `boom` fails, other types are passed over."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def apply(self, delivery: Delivery) -> None:
        event = msgspec.json.decode(delivery.body)
        if event["type"] == "boom":
            raise ZeroDivisionError
        if event["type"] != "tagged":
            return
        answer = await self._work.connection.execute(
            "update customers set tags = tags || $2::text where id = $1", UUID(event["customer"]), event["tag"]
        )
        if answer == "UPDATE 0":
            raise NotYet(f"customer:{event['customer']}")


class ToyParts(Provider):
    scope = Scope.REQUEST

    def __init__(self, proven: Callable[[], None] = _nothing) -> None:
        super().__init__()
        self._proven = proven

    @provide
    def providers(self) -> InboundProviders:
        return {"toy": ToyProvider(self._proven)}

    @provide
    def appliers(self, work: PostgresWork) -> Appliers:
        return AppliersByName({"toy": ToyApplier(work)})


@post("/webhooks/toy/{key:str}", tags=["Webhooks"], opt=WEBHOOK, status_code=200)
async def receive_toy(request: Request[Any, Any, Any], key: RouteKey, receiving: FromDishka[Receiving]) -> None:
    await receiving.receive(await incoming(request, provider="toy", key=key))


class ToyHouse:
    """The API with the toy's webhook, and the worker behind it."""

    def __init__(self, client: httpx.AsyncClient, relay: Relay, database: TestDatabase) -> None:
        self.client = client
        self.relay = relay
        self.database = database

    async def integrate(self, tenant: UUID, key: str) -> UUID:
        """Lead `key` to an integration of `tenant`."""
        integration, pool = new_id(), Database(self.database.app, size=1)
        work = work_over(pool, tenant)
        async with work:
            assert await PostgresRoutes(work).add("webhook:toy", key, integration)
        await pool.close()
        return integration

    async def post(self, key: str, body: bytes, signature: str | None, **headers: str) -> httpx.Response:
        given = {"content-type": "application/json", **headers}
        if signature is not None:
            given[HEADER] = signature
        return await self.client.post(f"/webhooks/toy/{key}", content=body, headers=given)

    async def deliver(self, key: str, integration: UUID, event: dict[str, Any]) -> httpx.Response:
        """Send one event, freshly signed."""
        body = msgspec.json.encode(event)
        return await self.post(key, body, signed(body, integration))

    async def work(self) -> None:
        while await self.relay.once():
            pass


def signed(body: bytes, integration: object, *, ago: int = 0) -> str:
    return stamped(body, secret=str(integration), at=int(datetime.now(UTC).timestamp()) - ago)


@asynccontextmanager
async def toy_house(
    database: TestDatabase, folder: Path, *, limits: RateLimits = UNLIMITED, proven: Callable[[], None] = _nothing
) -> AsyncIterator[ToyHouse]:
    ingredients = ingredients_of(database, folder, mail_port=1, pool_size=12, limits=limits)
    http, work = (
        http_container(ingredients, None, ToyParts(proven)),
        worker_container(ingredients, None, ToyParts(proven)),
    )
    finding = Database(database.relay, size=2)
    edge = EdgeSettings(version="0", public_url=BASE_URL, rate_limits=limits)
    app = create_app(routes=[receive_toy], container=http, edge=edge)
    transport = httpx.ASGITransport(cut_short(app), raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=f"{BASE_URL}/api/v1") as client:
            yield ToyHouse(client, await relay_over(work, finding), database)
    finally:
        await finding.close()
        await http.close()
        await work.close()
