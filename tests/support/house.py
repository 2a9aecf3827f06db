"""The whole application in the test's process: HTTP in, worker behind it, mail to a real SMTP server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from dishka import AsyncContainer
from litestar import Litestar

from api.edge import EdgeSettings
from domains.shared.limits import RateLimits
from frontdesk.asgi import application
from frontdesk.container import http_container, worker_container
from frontdesk.ingredients import Ingredients
from frontdesk.keys import key_for
from frontdesk.relaying import relay_over
from frontdesk.telemetry import Telemetry
from infra.metrics.instruments import Instruments
from infra.passwords import HashingCost
from infra.postgres.connections import PATIENCE
from infra.postgres.database import Database
from infra.sandbox.mail import mail_server
from infra.sandbox.mailbox import SandboxMail, SandboxMailbox
from infra.stripe.accounts import PlatformKeys
from tests.support.databases import TestDatabase
from tests.support.inspectors import Inspectors
from workers.relay import Relay

SECRET = "a secret that only tests know, and long enough for HS256"
DATA_KEY = "the newest key that only tests know,an older key that only tests know"
DATA_KEYS = tuple(key_for("data", text) for text in DATA_KEY.split(","))
BASE_URL = "http://testserver"
UNLIMITED = RateLimits.off()
CHEAP = HashingCost(memory_kib=64, passes=1)
NO_KEYS = PlatformKeys(address="http://127.0.0.1:9")
PATIENT = 60.0
"""Seconds. What many at once are to find out is not how fast this machine is."""


class House:
    """One application over one database."""

    def __init__(
        self, app: Litestar, http: AsyncContainer, work: AsyncContainer, relay: Relay, mailbox: SandboxMailbox,
        database: TestDatabase,
    ) -> None:  # fmt: skip
        self.app = app
        self.container = http
        self.work = work
        self.relay = relay
        self.database = database
        self.inspectors = Inspectors(database.admin)
        self._mailbox = mailbox

    def client(self, token: str | None = None, *, address: str = "127.0.0.1") -> httpx.AsyncClient:
        """A client of the API under `/api/v1`, signed in with `token`, calling from `address`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        transport = httpx.ASGITransport(cut_short(self.app), raise_app_exceptions=False, client=(address, 50000))
        return httpx.AsyncClient(transport=transport, base_url=f"{BASE_URL}/api/v1", headers=headers)

    def root_client(self) -> httpx.AsyncClient:
        """A client of what is served at the root."""
        transport = httpx.ASGITransport(cut_short(self.app), raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL)

    async def follow_up(self) -> None:
        """Do all that waits for a worker."""
        while await self.relay.once():
            pass

    def mail_to(self, address: str, *, most: int = 100) -> list[SandboxMail]:
        """What was mailed to `address`, the newest first."""
        return self._mailbox.messages(to=address, most=most)


def cut_short(app: Litestar) -> Any:
    """The application, its event streams ended after their first part: httpx shows no answer before its end."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        is_stream = is_over = False

        async def send_first(message: Any) -> None:
            nonlocal is_stream, is_over
            if message["type"] == "http.response.start":
                is_stream = any(value.startswith(b"text/event-stream") for _, value in message["headers"])
            if not is_over:
                is_over = is_stream and message["type"] == "http.response.body"
                await send({**message, "more_body": False} if is_over else message)

        await app(scope, receive, send_first)

    return application


def ingredients_of(  # noqa: PLR0913 - what a test may want otherwise
    database: TestDatabase,
    folder: Path,
    *,
    mail_port: int,
    pool_size: int,
    pool_patience: float = PATIENCE,
    limits: RateLimits,
    hashing_cost: HashingCost = CHEAP,
    stripe: PlatformKeys = NO_KEYS,
) -> Ingredients:
    return Ingredients(
        version="0.0.0-test",
        database_url=database.app,
        pool_size=pool_size,
        pool_patience=pool_patience,
        secret=SECRET,
        token_lifetime=3600,
        smtp_url=f"smtp://127.0.0.1:{mail_port}",
        mail_from="Frontdesk <frontdesk@example.com>",
        sandbox_mail=folder / "mail",
        data_keys=DATA_KEYS,
        inner_allowed=True,
        files=folder / "files",
        rate_limits=limits,
        hashing_cost=hashing_cost,
        public_url=BASE_URL,
        stripe=stripe,
    )


@asynccontextmanager
async def house_over(  # noqa: PLR0913 - as above
    database: TestDatabase,
    folder: Path,
    *,
    pool_size: int = 10,
    pool_patience: float = PATIENCE,
    limits: RateLimits = UNLIMITED,
    telemetry: Telemetry | None = None,
    hashing_cost: HashingCost = CHEAP,
    stripe: PlatformKeys = NO_KEYS,
) -> AsyncIterator[House]:
    """Run the application, its worker and its mail server until left."""
    mail = await mail_server(folder / "mail", host="127.0.0.1", port=0)
    port = mail.sockets[0].getsockname()[1]
    ingredients = ingredients_of(
        database,
        folder,
        mail_port=port,
        pool_size=pool_size,
        pool_patience=pool_patience,
        limits=limits,
        hashing_cost=hashing_cost,
        stripe=stripe,
    )
    edge = EdgeSettings(version="0.0.0-test", public_url=BASE_URL, rate_limits=limits)
    seen = telemetry or Telemetry(Instruments(role="test", version="0.0.0-test"))
    http, work = http_container(ingredients, seen), worker_container(ingredients, seen)
    finding = Database(database.relay, size=3)
    relay = await relay_over(work, finding, seen.envelope_watches)
    app = application(http, edge, with_sandbox=True, telemetry=seen)
    house = House(app, http, work, relay, SandboxMailbox(folder / "mail"), database)
    try:
        yield house
    finally:
        await house.inspectors.close()
        await finding.close()
        await http.close()
        await work.close()
        mail.close()
        await mail.wait_closed()
