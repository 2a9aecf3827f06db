"""What every answer says to a browser, whoever gave it."""

import re

import httpx
import pytest

from api.edge import EdgeSettings
from api.openapi import openapi_document
from tests.api.toy import KNOWN, client_of, toy_app
from tests.support.house import House
from tests.support.openapi import spelled_out

ORIGIN = "https://app.example.com"
PRODUCTION = EdgeSettings(
    version="1", production=True, public_url="https://desk.example.com", cors_origins=(ORIGIN, "http://localhost:3000")
)
HOST = {"host": "desk.example.com"}
THINGS = "/api/v1/things"

EVERYWHERE = [
    ("GET", THINGS),
    ("GET", f"{THINGS}/{KNOWN}"),
    ("HEAD", THINGS),
    ("OPTIONS", THINGS),
    ("DELETE", f"{THINGS}/{KNOWN}"),
    ("GET", "/nothing"),
    ("PUT", THINGS),
    ("TRACE", THINGS),
    ("GET", f"{THINGS}?what"),
    ("GET", "/api/v1/boom"),
    ("GET", "/health"),
    ("GET", "/docs"),
    ("GET", "/docs/start.js"),
    ("GET", "/openapi.json"),
]


@pytest.mark.parametrize(("method", "path"), EVERYWHERE)
async def test_every_answer_is_guarded(method: str, path: str) -> None:
    async with client_of(toy_app(PRODUCTION)) as client:
        headers = (await client.request(method, path, headers=HOST)).headers
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    for directive in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"):
        assert directive in headers["content-security-policy"]
    assert re.fullmatch(r"[0-9a-f-]{36}", headers["x-request-id"])
    assert "Origin" in headers["vary"]
    assert "set-cookie" not in headers
    assert "access-control-allow-credentials" not in headers
    if path.startswith("/api"):
        assert headers["cache-control"] == "no-store"
    if kind := headers.get("content-type"):
        assert kind.endswith("; charset=utf-8")
        assert kind.count("charset") == 1


async def test_plain_http_for_development_promises_no_tls(client: httpx.AsyncClient) -> None:
    assert "strict-transport-security" not in (await client.get(THINGS)).headers


@pytest.mark.parametrize("given", ["7", "A.b_c-12345", "x" * 64])
async def test_a_sane_request_id_is_kept(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get("/nothing", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given
    assert answer.json()["requestId"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "with space 1", "new\\nline1", "\x1b[31mred1", "<script>12", "é" * 8])
async def test_any_other_request_id_is_replaced(client: httpx.AsyncClient, given: str) -> None:
    answer = await client.get(THINGS, headers={b"x-request-id": given.encode()})
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-request-id"])


@pytest.mark.parametrize("origin", PRODUCTION.cors_origins)
async def test_a_named_origin_may_read(origin: str) -> None:
    async with client_of(toy_app(PRODUCTION)) as client:
        answer = await client.get(THINGS, headers=HOST | {"origin": origin})
        asked = HOST | {"origin": origin, "access-control-request-method": "PATCH"}
        preflight = await client.options(THINGS, headers=asked)
    assert answer.headers["access-control-allow-origin"] == origin
    assert "ETag" in answer.headers["access-control-expose-headers"]
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == origin
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert "Authorization" in preflight.headers["access-control-allow-headers"]


async def test_a_page_may_send_each_header_that_an_operation_takes(house: House) -> None:
    document = spelled_out(openapi_document(house.app, PRODUCTION))
    taken = {
        parameter["name"]
        for path in document["paths"].values()
        for operation in path.values()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "header"
    }
    async with client_of(toy_app(PRODUCTION)) as client:
        asked = HOST | {"origin": PRODUCTION.cors_origins[0], "access-control-request-method": "DELETE"}
        allowed = (await client.options(THINGS, headers=asked)).headers["access-control-allow-headers"].split(", ")
    assert {"Current-Password", "If-Match"} <= taken
    assert taken <= set(allowed)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "*",
        "",
        "http://app.example.com",
        "https://app.example.com:444",
        "https://app.example.com.",
        "https://app.example.com.evil.net",
        "https://evilapp.example.com",
        "https://sub.app.example.com",
        "https://app-example.com",
        "https://APP.example.com",
        "https://app.example.com/",
    ],
)
async def test_no_other_origin_may(origin: str) -> None:
    async with client_of(toy_app(PRODUCTION)) as client:
        answer = await client.get(THINGS, headers=HOST | {"origin": origin})
        asked = HOST | {"origin": origin, "access-control-request-method": "GET"}
        preflight = await client.options(THINGS, headers=asked)
    for headers in (answer.headers, preflight.headers):
        assert not [name for name in headers if name.startswith("access-control-")]
        assert "Origin" in headers["vary"]


@pytest.mark.parametrize("host", ["desk.example.com", "DESK.example.com", "desk.example.com:443"])
async def test_our_own_name_is_answered(host: str) -> None:
    async with client_of(toy_app(PRODUCTION)) as client:
        assert (await client.get(THINGS, headers={"host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["deskXexample.com", "desk.example.com:8000", "desk.example.com.evil.net", "localhost", "127.0.0.1", "", "a@b"],
)
async def test_another_name_is_a_400_whatever_is_forwarded(host: str) -> None:
    async with client_of(toy_app(PRODUCTION)) as client:
        forwarded = {"host": host, "x-forwarded-host": "desk.example.com"}
        assert (await client.get(THINGS, headers=forwarded)).status_code == 400
        assert (await client.get("/health", headers={"host": "127.0.0.1:8000"})).status_code == 200


async def test_head_is_get_without_the_body(client: httpx.AsyncClient) -> None:
    shown, head = await client.get(f"{THINGS}/{KNOWN}"), await client.head(f"{THINGS}/{KNOWN}")
    assert head.status_code == shown.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == shown.headers["content-length"]
    assert head.headers["etag"] == shown.headers["etag"]


async def test_options_says_which_methods_are_taken(client: httpx.AsyncClient) -> None:
    answer = await client.options(THINGS)
    assert answer.status_code == 204
    assert "POST" in answer.headers["allow"]
