"""Health: what is up, and a 503 only for what is needed."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.api.toy import client_of, toy_app


class Part:
    def __init__(self, name: str, check: Callable[[], Awaitable[None]], *, critical: bool = True) -> None:
        self.name = name
        self.critical = critical
        self._check = check

    async def check(self) -> None:
        await self._check()


async def up() -> None:
    """Answer."""


async def down() -> None:
    raise ConnectionError("password authentication failed for user frontdesk_app")


async def silent() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("parts", "status", "overall"),
    [
        ([], 200, "healthy"),
        ([Part("database", up)], 200, "healthy"),
        ([Part("database", down)], 503, "down"),
        ([Part("database", up), Part("mail", down, critical=False)], 200, "degraded"),
        ([Part("database", silent), Part("mail", down, critical=False)], 503, "down"),
    ],
)
async def test_health_is_as_good_as_its_critical_parts(parts: list[Part], status: int, overall: str) -> None:
    async with client_of(toy_app(checks=parts)) as client:
        for path in ("/health", "/api/v1/health", "/health/ready", "/api/v1/health/ready"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["status"]) == (status, overall)
            assert "password" not in answer.text


async def test_health_says_what_answers_and_how_quickly() -> None:
    async with client_of(toy_app(checks=[Part("database", up), Part("mail", down, critical=False)])) as client:
        health = (await client.get("/health")).json()
    assert health.keys() == {"status", "uptime", "version", "timestamp", "services"}
    assert health["version"] == "1.2.3"
    assert health["uptime"] >= 0
    assert health["services"]["database"]["status"] == "up"
    assert health["services"]["mail"]["status"] == "down"
    assert health["services"]["database"]["latencyMs"] >= 0


async def test_alive_is_alive_whatever_is_down() -> None:
    async with client_of(toy_app(checks=[Part("database", down)])) as client:
        for path in ("/health/live", "/api/v1/health/live"):
            answer = await client.get(path)
            assert answer.status_code == 200
            assert answer.json() == {"status": "healthy"}


async def test_a_crowd_that_asks_at_once_is_one_look() -> None:
    looks = 0

    async def counted() -> None:
        nonlocal looks
        looks += 1
        await asyncio.sleep(0)

    async with client_of(toy_app(checks=[Part("database", counted)])) as client:
        answers = await asyncio.gather(*(client.get("/health") for _ in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        assert looks < 10
        before = looks
        await client.get("/health")
        assert looks == before + 1


async def test_a_part_that_keeps_silent_keeps_nobody_waiting(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).status_code == 200
    async with client_of(toy_app(checks=[Part("a", silent), Part("b", silent)])) as slow, asyncio.timeout(0.5):
        assert (await slow.get("/health")).status_code == 503
