"""`/docs` works in a browser, and that browser asks no other host for anything."""

import asyncio
import re
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
import uvicorn
from litestar.types import Message, Receive, Scope, Send

import api
from tests.api.toy import toy_app

STATIC = Path(api.__file__).parent / "static"
ASSETS = ["swagger-ui-bundle.js", "swagger-ui.css", "favicon.png", "start.js"]


async def test_the_page_names_only_addresses_of_ours(client: httpx.AsyncClient) -> None:
    for path in ("/docs", "/api/v1/docs"):
        page = await client.get(path)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(addresses) == len(ASSETS)
        for address in addresses:
            assert re.fullmatch(r"/docs/[a-z.-]+", address)
            assert (await client.get(address)).status_code == 200
        assert "<script>" not in page.text


@pytest.mark.parametrize("name", ASSETS)
async def test_an_asset_is_what_it_says(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"/docs/{name}")
    folder = STATIC if name == "start.js" else STATIC / "swagger-ui"
    assert answer.content == (folder / name).read_bytes()
    kind = {"js": "text/javascript", "css": "text/css", "png": "image/png"}[name.rpartition(".")[2]]
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize("path", ["/openapi.json", "/docs/swagger-ui-bundle.js", "/docs/favicon.png"])
async def test_it_is_packed_for_who_takes_it_so(client: httpx.AsyncClient, path: str) -> None:
    plain = await client.get(path, headers={"Accept-Encoding": "gzip;q=0, identity"})
    packed = await client.get(path, headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers.get("Content-Encoding") == (None if path.endswith(".png") else "gzip")
    assert packed.content == plain.content
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    if "Content-Encoding" in packed.headers:
        assert int(packed.headers["Content-Length"]) < len(plain.content) / 2


@pytest.mark.parametrize(
    "name", ["LICENSE", "docs.html", "..", "%2e%2e%2fapp.py", "swagger-ui%2fLICENSE", "start.js%00"]
)
async def test_nothing_else_is_read_from_the_disk(client: httpx.AsyncClient, name: str) -> None:
    assert (await client.get(f"/docs/{name}")).status_code in (400, 404)


def test_the_page_s_own_rules_allow_only_this_host(client: httpx.AsyncClient) -> None:
    assert (STATIC / "swagger-ui" / "LICENSE").read_text().strip().startswith("Apache License")


class Seen:
    """The toy application on a real port, and what was asked of it."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, int]] = []
        self._app = toy_app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.requests.append((scope["path"], message["status"]))
            await send(message)

        await self._app(scope, receive, send_and_note)


@pytest.fixture
async def seen() -> AsyncIterator[tuple[Seen, int]]:
    seen = Seen()
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(seen, log_config=None, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        yield seen, listener.getsockname()[1]
        server.should_exit = True
        await serving


@pytest.mark.chromium
async def test_a_browser_shows_the_operations_and_asks_no_other_host(seen: tuple[Seen, int], tmp_path: Path) -> None:
    application, port = seen
    chromium = shutil.which("chromium")
    assert chromium, "the Debian package chromium"
    log = tmp_path / "net.json"
    process = await asyncio.create_subprocess_exec(
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        f"--log-net-log={log}",
        "--virtual-time-budget=15000",
        "--dump-dom",
        f"http://127.0.0.1:{port}/docs",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    shown, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"Make a thing" in shown
    assert b"/api/v1/things" in shown
    assert ("/openapi.json", 200) in application.requests
    assert {status for _, status in application.requests} == {200}
    assert asked_by_the_page(log, f"http://127.0.0.1:{port}") == {f"http://127.0.0.1:{port}"}


def asked_by_the_page(log: Path, origin: str) -> set[str]:
    """The origins of all requests that the page began; what the browser asks for itself has no such initiator."""
    events = [event.get("params", {}) for event in msgspec.json.decode(log.read_bytes())["events"]]
    begun = [params["url"] for params in events if params.get("initiator") == origin and "url" in params]
    return {"://".join(urlsplit(url)[:2]) for url in begun if not url.startswith("data:")}
