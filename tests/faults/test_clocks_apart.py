"""One machine's clock is ten minutes off: the database's time decides, on every machine. Attack C16 205."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pyotp
import pytest

from domains.customers.importing import FORGET_UPLOAD
from domains.shared.ids import new_id
from tests.faults.api_process import until_ready
from tests.faults.processes import environment, free_port, running, until
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import new_tenant
from tests.support.registrations import PASSWORD, an_address, an_order, mailed_code
from tests.support.signed_up import is_live, post, signed_up

pytestmark = pytest.mark.faketime

OFF = pytest.mark.parametrize("off", [-600, 600])
NEAR = timedelta(seconds=5)
DUE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, $5)"
Json = dict[str, Any]


def off_by(seconds: int) -> dict[str, str]:
    """What makes a process live so many seconds off: its calendar's clock only, as on a machine that is set wrongly."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.fixture
async def right(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A node whose clock is right."""
    async with house_over(own_database, tmp_path) as house:
        yield house


@pytest.fixture
async def wrong(right: House, off: int, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another node, whose clock is off."""
    port = free_port()
    env = environment(right.database, PORT=str(port), **off_by(off))
    with running("api", env, tmp_path) as process:
        await until_ready(port, process)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as client:
            health = (await client.get("/health")).json()
            seen = datetime.fromisoformat(health["timestamp"]) - datetime.now(UTC)
            assert abs(seen.total_seconds() - off) < NEAR.total_seconds(), "its clock is not off"
            yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@OFF
async def test_what_one_lets_in_the_other_lets_in(right: House, wrong: httpx.AsyncClient) -> None:
    """Tokens, a refresh that comes twice, a mailed code, a code by time, an API key."""
    person = await signed_up(right)
    assert (await wrong.get("/auth/me", headers=bearer(person.token))).status_code == 200
    there = (await wrong.post("/auth/login", json={"email": person.email, "password": PASSWORD})).json()
    assert await is_live(right, there["accessToken"])
    again = {"refreshToken": there["refreshToken"]}
    first = (await wrong.post("/auth/refresh", json=again)).json()
    assert (await post(right, "/auth/refresh", again)).json() == first
    assert await is_live(right, first["accessToken"])
    await a_code_by_time(wrong, person.token)
    await an_api_key(right, wrong, person.token)


async def a_code_by_time(wrong: httpx.AsyncClient, token: str) -> None:
    enable = await wrong.post("/auth/2fa/enable", json={"method": "totp", "password": PASSWORD}, headers=bearer(token))
    code = pyotp.TOTP(enable.json()["secret"]).generate_otp(int(time.time()) // 30)
    confirmed = await wrong.post("/auth/2fa/confirm", json={"code": code}, headers=bearer(token))
    assert confirmed.status_code == 200, confirmed.text


async def an_api_key(right: House, wrong: httpx.AsyncClient, token: str) -> None:
    order = {"name": "Till", "scopes": ["tenant:read"], "expiresInDays": 1}
    made = await wrong.post("/api-keys", json=order, headers=bearer(token))
    assert made.status_code == 201, made.text
    ends = datetime.fromisoformat(made.json()["expiresAt"])
    assert abs(ends - datetime.now(UTC) - timedelta(days=1)) < NEAR
    async with right.client(made.json()["key"]) as till:
        assert (await till.get("/tenants/me")).status_code == 200


@OFF
async def test_a_code_lives_as_long_wherever_it_is_asked_for(right: House, wrong: httpx.AsyncClient) -> None:
    """Ten minutes, which are over on neither, nor begun."""
    email = an_address()
    assert (await wrong.post("/auth/register", json=an_order(email))).status_code == 202
    code = await mailed_code(right, email)
    assert (await post(right, "/auth/verify-email", {"email": email, "code": code})).status_code == 200
    email = an_address()
    assert (await post(right, "/auth/register", an_order(email))).status_code == 202
    code = await mailed_code(right, email)
    assert (await wrong.post("/auth/verify-email", json={"email": email, "code": code})).status_code == 200


@OFF
async def test_what_is_made_bears_the_same_time(right: House, wrong: httpx.AsyncClient) -> None:
    tenant = await new_tenant(right)
    made: list[Json] = []
    async with right.client(tenant.owner.token) as here:
        for number in range(6):
            client, headers = (here, {}) if number % 2 else (wrong, bearer(tenant.owner.token))
            answer = await client.post("/customers", json={"name": f"Number {number}"}, headers=headers)
            assert answer.status_code == 201, answer.text
            made.append(answer.json())
            assert abs(datetime.fromisoformat(made[-1]["createdAt"]) - datetime.now(UTC)) < NEAR
        log = (await here.get("/admin/audit-log")).json()["items"]
    assert {each["subjectId"] for each in log} == {each["id"] for each in made}
    assert all(abs(datetime.fromisoformat(each["occurredAt"]) - datetime.now(UTC)) < NEAR for each in log)


@OFF
async def test_nothing_is_done_before_its_time_nor_long_after(right: House, off: int, tmp_path: Path) -> None:
    """A worker that is ahead waits for what is due in five minutes; one that is behind does what is due."""
    tenant, now = await new_tenant(right), datetime.now(UTC)
    inspector = await asyncpg.connect(right.database.admin)
    due, early = new_id(), new_id()
    for envelope, at in ((due, now), (early, now + timedelta(minutes=5))):
        await inspector.execute(DUE, tenant.id, envelope, FORGET_UPLOAD, new_id(), at)

    async def is_done() -> bool:
        return not await inspector.fetchval("select exists (select from work.envelopes where id = $1)", due)

    with running("worker", environment(right.database, **off_by(off)), tmp_path):
        await until(is_done)
        await inspector.execute(DUE, tenant.id, due, FORGET_UPLOAD, new_id(), now)
        await until(is_done)
        assert await inspector.fetchval("select attempts from work.envelopes where id = $1", early) == 0
    await inspector.close()
