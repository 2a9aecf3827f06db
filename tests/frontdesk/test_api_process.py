"""`frontdesk api` as a process: alone without Redis, in company with it, and no friend of odd clients."""

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import asyncpg
import httpx
import pytest

from frontdesk.only_process import only_process
from frontdesk.refusal import Refusal
from frontdesk.settings import Settings
from tests.frontdesk.commands import FRONTDESK, environment, free_port
from tests.support.databases import TestDatabase
from tests.support.raw_http import raw_client
from tests.support.soon import PATIENCE, until

NO_FILE = Path("no such file")
OPEN = 5
_OPEN = "select count(*) from pg_stat_activity where datname = current_database() and usename = 'frontdesk_app'"
TWO_LENGTHS = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"


def variables(database: TestDatabase, **more: str) -> dict[str, str]:
    return {
        "DATABASE_URL": database.app,
        "DATABASE_OWNER_URL": database.owner,
        "DATABASE_RELAY_URL": database.relay,
        "SMTP_URL": "smtp://127.0.0.1:1",
        "JWT_SECRET": "s" * 32,
        "DATA_KEY": "d" * 32,
        **more,
    }


async def claim(**settings: str) -> None:
    async with only_process(Settings.load(settings, file=NO_FILE), patience=0):
        pass


@contextmanager
def api(folder: Path, port: int, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [*FRONTDESK, "api"], cwd=folder, env=environment(folder, PORT=str(port), **settings), stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def until_healthy(*ports: int) -> None:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:

        async def is_healthy(port: int) -> bool:
            with suppress(httpx.TransportError):
                return (await client.get(f"http://127.0.0.1:{port}/health/live")).status_code == 200
            return False

        for port in ports:
            await until(partial(is_healthy, port))


async def connections(database: TestDatabase) -> int:
    admin = await asyncpg.connect(database.admin)
    open_now: int = await admin.fetchval(_OPEN)
    await admin.close()
    return open_now


async def test_one_process_serves_and_a_second_is_refused(own_database: TestDatabase, tmp_path: Path) -> None:
    port, settings = free_port(), variables(own_database)
    with api(tmp_path, port, **settings) as process:
        await until_healthy(port)
        assert await connections(own_database) >= OPEN
        with pytest.raises(Refusal, match=r"^Another API process serves this database\."):
            await claim(**settings)
        await claim(**settings, REDIS_URL="redis://127.0.0.1:1")
        await claim(**settings, RATE_LIMITS="off")
        async with raw_client(port) as odd:
            await odd.send(TWO_LENGTHS)
            answer = await odd.rest()
        assert (answer.status, answer.is_closed) == (400, True)
        assert b"application/problem+json" in answer.text
    assert process.returncode == 0
    await claim(**settings)


async def test_what_a_stranger_forwards_is_not_believed(own_database: TestDatabase, tmp_path: Path) -> None:
    """Uvicorn believes a caller from this machine, unless it is told not to."""
    port = free_port()
    with api(tmp_path, port, **variables(own_database, RATE_LIMIT_ANONYMOUS="5/1h")):
        await until_healthy(port)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1") as client:
            forged = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(7)]
            answers = [(await client.get("/auth/me", headers=headers)).status_code for headers in forged]
    assert answers == [401] * 5 + [429] * 2


@pytest.mark.redis
async def test_with_redis_several_processes_count_together(
    own_database: TestDatabase, tmp_path: Path, redis_url: str
) -> None:
    ports = [free_port() for _ in range(2)]
    settings = variables(own_database, RATE_LIMIT_ANONYMOUS="10/1h", REDIS_URL=redis_url)
    with api(tmp_path, ports[0], **settings), api(tmp_path, ports[1], **settings):
        await until_healthy(*ports)
        # More at once would be slower than Redis is waited for, on a busy machine.
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=4)) as client:
            asked = [client.get(f"http://127.0.0.1:{ports[number % 2]}/api/v1/auth/me") for number in range(60)]
            answers = [answer.status_code for answer in await asyncio.gather(*asked)]
    assert answers.count(401) == 10
    assert answers.count(429) == 50


async def test_a_database_that_is_not_there_is_said(own_database: TestDatabase) -> None:
    with pytest.raises(Refusal, match="The database cannot be reached"):
        await claim(**variables(own_database, DATABASE_URL="postgresql://frontdesk_app:x@127.0.0.1:1/x"))
