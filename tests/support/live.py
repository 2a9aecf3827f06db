"""API processes that serve over real sockets, the relay behind them, and ears to hear with."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from dishka import AsyncContainer
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from api.edge import EdgeSettings
from api.live.hub import Hub
from domains.shared.limits import RateLimits
from frontdesk.asgi import application, end_streams
from frontdesk.container import http_container
from frontdesk.ingredients import Ingredients
from frontdesk.serving import Server
from frontdesk.socket_protocol import SOCKET_SETTINGS
from infra.postgres.numbering import Announce, Numbering
from tests.support.databases import TestDatabase
from tests.support.house import CHEAP, DATA_KEYS, SECRET, UNLIMITED
from tests.support.soon import in_time, until
from workers.live import LiveRelay

ORIGIN = "https://app.example.com"
Json = dict[str, Any]


class _ServerInTest(Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stay the test's."""
        yield


class ApiProcess:
    """One API process on a port of its own: its hub shares nothing with another's but the database."""

    def __init__(self, container: AsyncContainer, server: Server, serving: asyncio.Task[None], port: int) -> None:
        self.container = container
        self.server = server
        self.serving = serving
        self.port = port

    @property
    def ws(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/ws"

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}/api/v1", headers=headers, timeout=10, trust_env=False
        )

    async def hub(self) -> Hub:
        return await self.container.get(Hub)

    async def ticket(self, token: str) -> str:
        async with self.client(token) as client:
            answer = await client.post("/ws/ticket")
        assert answer.status_code == 200, answer.text
        return str(answer.json()["ticket"])

    @asynccontextmanager
    async def raw(self, query: str = "", **options: Any) -> AsyncIterator[ClientConnection]:
        """A socket before anything was said over it."""
        async with connect(self.ws + query, proxy=None, compression=None, **options) as connection:
            yield connection

    @asynccontextmanager
    async def ear(self, token: str, **options: Any) -> AsyncIterator["Ear"]:
        """A socket opened by a ticket, after `ready`."""
        async with self.raw(f"?ticket={await self.ticket(token)}", **options) as connection:
            ear = Ear(connection)
            ear.ready = await ear.next()
            assert ear.ready["event"] == "ready", ear.ready
            yield ear

    async def stop(self) -> None:
        self.server.should_exit = True
        async with in_time(20):
            await self.serving


class Ear:
    """Hears frames one by one."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.ready: Json = {}

    @property
    def last_id(self) -> int:
        return int(self.ready["data"]["lastId"])

    async def next(self, *, within: float = 5) -> Json:
        async with in_time(within):
            found: Json = json.loads(await self.connection.recv())
        return found

    async def many(self, count: int, *, within: float = 20) -> list[Json]:
        return [await self.next(within=within) for _ in range(count)]

    async def say(self, frame: Json) -> None:
        await self.connection.send(json.dumps(frame))

    async def has_heard_nothing(self) -> None:
        """Fail if a frame has come since `ready`. What another one has heard has come to all whom it was for."""
        await self.say({"event": "resume", "data": {"lastId": self.last_id}, "ref": "nothing"})
        assert (await self.next())["event"] == "ack"

    async def silence(self, seconds: float) -> None:
        """Fail if a frame comes within `seconds`."""
        with contextlib.suppress(TimeoutError):
            raise AssertionError(f"heard {await self.next(within=seconds)}")

    async def closed(self, *, within: float = 5) -> tuple[int, str]:
        """Code and reason of the close that must come; frames before it are let pass."""
        with contextlib.suppress(ConnectionClosed):
            async with in_time(within):
                while True:
                    await self.connection.recv()
        return self.connection.close_code or 0, self.connection.close_reason or ""


@asynccontextmanager
async def api_process(
    database: TestDatabase,
    folder: Path,
    *,
    redis_url: str | None = None,
    limits: RateLimits = UNLIMITED,
    **settings: Any,
) -> AsyncIterator[ApiProcess]:
    """Serve until left. `settings` are uvicorn's."""
    ingredients = _ingredients(database, folder, redis_url=redis_url, limits=limits)
    container = http_container(ingredients)
    public_url = "http://testserver"
    edge = EdgeSettings(version="0.0.0-test", public_url=public_url, cors_origins=(ORIGIN,), rate_limits=limits)
    app = application(container, edge, with_sandbox=False)
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, access_log=False, timeout_graceful_shutdown=5,
        **({"http": "httptools"} | SOCKET_SETTINGS | settings),
    )  # fmt: skip
    server = _ServerInTest(config, leave=_nothing, end=lambda: end_streams(app), drain=0)
    serving = asyncio.create_task(server.serve([listening]))
    await until(lambda: server.started or serving.done())
    assert not serving.done()
    process = ApiProcess(container, server, serving, listening.getsockname()[1])
    try:
        yield process
    finally:
        await process.stop()


def _ingredients(database: TestDatabase, folder: Path, *, redis_url: str | None, limits: RateLimits) -> Ingredients:
    return Ingredients(
        version="0.0.0-test",
        database_url=database.app,
        pool_size=10,
        secret=SECRET,
        token_lifetime=3600,
        smtp_url="smtp://127.0.0.1:9",
        mail_from="Frontdesk <frontdesk@example.com>",
        sandbox_mail=folder,
        data_keys=DATA_KEYS,
        files=folder / "files",
        redis_url=redis_url,
        rate_limits=limits,
        hashing_cost=CHEAP,
    )


async def _nothing() -> None:
    """Nobody has to be told."""


@asynccontextmanager
async def live_relay(database: TestDatabase, announce: Announce | None = None) -> AsyncIterator[LiveRelay]:
    """A worker's live relay, until left."""
    stop, relay = asyncio.Event(), LiveRelay(Numbering(database.relay, announce=announce))
    running = asyncio.create_task(relay.run(stop))
    try:
        yield relay
    finally:
        stop.set()
        await running
