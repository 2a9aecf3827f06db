"""Attacks C13 170, 171, 173, 178: whatever is put anywhere, no operation fails over it.

The operations come from the document: a new one is under this by itself.
"""

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from tests.security.http import raw_inputs
from tests.security.http.operations import Operation, anybody, ids_in, operations_of
from tests.support.house import House
from tests.support.people import Person, new_tenant

REFUSED = {400, 413, 415}
TRIES = 3
"""What is slow by itself is slow each time; what the process did beside it is not."""
CPU_SECONDS = 0.1
"""Of this thread, for one request of 50 ms on a machine that does nothing else."""


class Caller:
    """Somebody who may call an operation, and calls it badly."""

    def __init__(self, client: httpx.AsyncClient, operation: Operation, ids: dict[str, str], person: Person) -> None:
        self._client = client
        self.operation = operation
        self._address = operation.at(ids)
        self._token = {} if operation.is_public else {"Authorization": f"Bearer {person.token}"}

    async def call(self, query: str = "", *, body: bytes | None = None, **headers: Any) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            named.setdefault("content-type", "application/json")
        return await self.at(self._address + query, body=body, **named)

    async def _timed(self, address: str, given: Any) -> tuple[httpx.Response, float]:
        began = time.thread_time()
        answer = await self._client.request(self.operation.method, address, **given)
        return answer, time.thread_time() - began

    async def at(self, address: str, *, body: bytes | None = None, **headers: Any) -> httpx.Response:
        sound = {"json": self.operation.body} if body is None and self.operation.body is not None else {"content": body}
        given: Any = {"headers": {**self._token, **headers}, **sound}
        answer, took = await self._timed(address, given)
        for _ in range(TRIES - 1):
            if took >= CPU_SECONDS:
                answer, took = await self._timed(address, given)
        assert answer.status_code < 500, f"{self.operation.id} {address[:200]} {body and body[:200]!r}: {answer.text}"
        assert raw_inputs.COMPUTED not in answer.text, "a template was carried out"
        assert "x-evil" not in answer.headers, "a value became a header"
        assert took < CPU_SECONDS or len(body or b"") > 50_000, f"{self.operation.id}: {took} s of CPU"
        return answer

    def must_refuse(self, answer: httpx.Response, what: str) -> None:
        assert answer.status_code in REFUSED, f"{self.operation.id}, {what}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"].startswith("application/problem+json"), what


@pytest.fixture
async def callers(house: House) -> list[Caller]:
    """One for each operation, each of a tenant of its own: some operations end what the next would need."""
    return [each async for each in _callers(house)]


@pytest.fixture(scope="module")
async def refused(house: House) -> list[Caller]:
    """The same for those of whom nothing is taken: what they would need is there for all tests."""
    return [each async for each in _callers(house)]


async def _callers(house: House) -> AsyncIterator[Caller]:
    for operation in await operations_of(house):
        tenant = await new_tenant(house)
        yield Caller(anybody(house), operation, await ids_in(house, tenant, operation), tenant.owner)


async def test_no_body_is_taken_for_one(refused: list[Caller]) -> None:
    asked = 0
    for caller in refused:
        if caller.operation.body is not None:
            for what, raw in raw_inputs.variants(caller.operation.body):
                caller.must_refuse(await caller.call(body=raw), what)
                asked += 1
            for media_type in raw_inputs.WRONG_TYPES:
                answer = await caller.call(body=b"{}", content_type=media_type)
                caller.must_refuse(answer, f"as {media_type}")
    assert asked > 50


async def test_what_is_never_valid_is_refused_in_any_field(refused: list[Caller]) -> None:
    asked = 0
    for caller in refused:
        body: Any = caller.operation.body
        for spot in raw_inputs.spots(body):
            for what, raw in raw_inputs.NEVER_VALID.items():
                answer = await caller.call(body=raw_inputs.with_raw(body, spot, raw))
                caller.must_refuse(answer, f"{what} at {spot}")
                asked += 1
    assert asked > 200


async def test_what_is_strange_is_taken_as_it_is_or_refused(callers: list[Caller]) -> None:
    seen = set()
    for caller in callers:
        body: Any = caller.operation.body
        for spot in raw_inputs.spots(body):
            for raw in raw_inputs.STRANGE.values():
                seen.add((await caller.call(body=raw_inputs.with_raw(body, spot, raw))).status_code // 100)
    assert seen == {2, 4}


async def test_no_address_makes_an_operation_fail(callers: list[Caller]) -> None:
    asked = 0
    for caller in callers:
        for name in [*caller.operation.queries, "unknown"]:
            for value in raw_inputs.NEVER_IN_AN_ADDRESS:
                caller.must_refuse(await caller.call(f"?{name}={value}"), f"{name}={value}")
            for value in raw_inputs.IN_AN_ADDRESS:
                answer = await caller.call(f"?{name}={value}")
                asked += 1
                if name == "unknown":
                    caller.must_refuse(answer, value)
        for name in [*caller.operation.ids, *caller.operation.secrets]:
            for value in filter(None, (*raw_inputs.NEVER_IN_AN_ADDRESS, *raw_inputs.IN_AN_ADDRESS)):
                ids = dict.fromkeys(caller.operation.ids, "01920000-0000-7000-8000-000000000000") | {name: value}
                answer = await caller.at(caller.operation.at(ids))
                assert answer.status_code in {400, 404, 405}, f"{caller.operation.id} {value}: {answer.text}"
    assert asked > 300


async def test_a_text_to_be_looked_for_is_looked_for_as_it_is(refused: list[Caller]) -> None:
    """Nobody in these tenants has any word of it."""
    texts = {name: json.loads(raw) for name, raw in raw_inputs.STRANGE.items() if raw.startswith('"')}
    found = []
    for caller in refused:
        for name in caller.operation.texts:
            for what, text in texts.items():
                answer = await caller.call(f"?{urlencode({**caller.operation.query, name: text[:200]})}")
                is_search = name in {"q", "search"} and any(map(str.isalnum, text)) and answer.status_code == 200
                if is_search and "json" in answer.headers["content-type"] and answer.json()["items"]:
                    found.append((caller.operation.id, name, what))
    assert found == []


async def test_what_is_given_twice_is_refused_once(refused: list[Caller]) -> None:
    for caller in refused:
        for name in caller.operation.queries:
            answer = await caller.call(f"?{name}=2026-11-21&{name.swapcase()}=1")
            caller.must_refuse(answer, f"{name} in another case")
    lists = [caller for caller in refused if "limit" in caller.operation.queries]
    assert lists
    for caller in lists:
        required = urlencode(caller.operation.query)
        caller.must_refuse(await caller.call(f"?limit=1&limit=1&{required}"), "limit twice")
        assert (await caller.call(f"?limit=1&{required}".rstrip("&"))).status_code == 200


async def test_no_header_makes_an_operation_fail(callers: list[Caller]) -> None:
    names = ("Accept", "Accept-Language", "If-Match", "Idempotency-Key", "Last-Event-ID", "User-Agent", "X-Request-Id")
    for caller in callers:
        # A sound body to a public operation costs a password's hash each time.
        body = b"{}" if caller.operation.is_public and caller.operation.body is not None else None
        for name in names:
            for value in raw_inputs.IN_A_HEADER:
                answer = await caller.call("", body=body, **{name: value})
                assert answer.headers["x-request-id"].isascii()
        for value in (b"Bearer \xff", b"Bearer", b"Bearer a.b.c", b"Basic Og==", b"Bearer " + b"a" * 7000):
            answer = await caller.call(body=body, Authorization=value)
            assert caller.operation.is_public or answer.status_code == 401
