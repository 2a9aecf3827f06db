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
from tests.faults.processes import environment, free_port, running
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.registrations import PASSWORD, an_address, an_order, mailed_code
from tests.support.signed_up import is_live, post, signed_up
from tests.support.soon import until

pytestmark = pytest.mark.faketime

MINUTE = timedelta(minutes=1)
DUE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, $5)"
Json = dict[str, Any]


def off_by(seconds: int) -> dict[str, str]:
    """What makes a process live so many seconds off: its calendar's clock only, as on a machine that is set wrongly."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": f"{seconds:+d}s", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.fixture(scope="module", params=[-600, 600])
async def wrong(
    house: House, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of another node than the house, whose clock is off by so many seconds."""
    off, port = request.param, free_port()
    env = environment(house.database, PORT=str(port), **off_by(off))
    with running("api", env, tmp_path_factory.mktemp("wrong")) as process:
        await until_ready(port, process)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=60) as client:
            health = (await client.get("/health")).json()
            seen = datetime.fromisoformat(health["timestamp"]) - datetime.now(UTC)
            assert abs(seen.total_seconds() - off) < MINUTE.total_seconds(), "its clock is not off"
            yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_what_one_lets_in_the_other_lets_in(house: House, wrong: httpx.AsyncClient) -> None:
    """Tokens, a refresh that comes twice, a mailed code, a code by time, an API key."""
    person = await signed_up(house)
    assert (await wrong.get("/auth/me", headers=bearer(person.token))).status_code == 200
    there = (await wrong.post("/auth/login", json={"email": person.email, "password": PASSWORD})).json()
    assert await is_live(house, there["accessToken"])
    again = {"refreshToken": there["refreshToken"]}
    first = (await wrong.post("/auth/refresh", json=again)).json()
    assert (await post(house, "/auth/refresh", again)).json() == first
    assert await is_live(house, first["accessToken"])
    await a_code_by_time(wrong, person.token)
    await an_api_key(house, wrong, person.token)


async def a_code_by_time(wrong: httpx.AsyncClient, token: str) -> None:
    enable = await wrong.post("/auth/2fa/enable", json={"method": "totp", "password": PASSWORD}, headers=bearer(token))
    code = pyotp.TOTP(enable.json()["secret"]).generate_otp(int(time.time()) // 30)
    confirmed = await wrong.post("/auth/2fa/confirm", json={"code": code}, headers=bearer(token))
    assert confirmed.status_code == 200, confirmed.text


async def an_api_key(house: House, wrong: httpx.AsyncClient, token: str) -> None:
    order = {"name": "Till", "scopes": ["tenant:read"], "expiresInDays": 1}
    made = await wrong.post("/api-keys", json=order, headers=bearer(token))
    assert made.status_code == 201, made.text
    ends = datetime.fromisoformat(made.json()["expiresAt"])
    assert abs(ends - datetime.now(UTC) - timedelta(days=1)) < MINUTE
    async with house.client(made.json()["key"]) as till:
        assert (await till.get("/tenants/me")).status_code == 200


async def test_a_code_lives_as_long_wherever_it_is_asked_for(house: House, wrong: httpx.AsyncClient) -> None:
    """Ten minutes, which are over on neither, nor begun."""
    email = an_address()
    assert (await wrong.post("/auth/register", json=an_order(email))).status_code == 202
    code = await mailed_code(house, email)
    assert (await post(house, "/auth/verify-email", {"email": email, "code": code})).status_code == 200
    email = an_address()
    assert (await post(house, "/auth/register", an_order(email))).status_code == 202
    code = await mailed_code(house, email)
    assert (await wrong.post("/auth/verify-email", json={"email": email, "code": code})).status_code == 200


async def test_what_is_made_bears_the_same_time(house: House, wrong: httpx.AsyncClient) -> None:
    tenant = await new_tenant(house)
    made: list[Json] = []
    async with house.client(tenant.owner.token) as here:
        for number in range(6):
            client, headers = (here, {}) if number % 2 else (wrong, bearer(tenant.owner.token))
            answer = await client.post("/customers", json={"name": f"Number {number}"}, headers=headers)
            assert answer.status_code == 201, answer.text
            made.append(answer.json())
            assert abs(datetime.fromisoformat(made[-1]["createdAt"]) - datetime.now(UTC)) < MINUTE
        log = (await here.get("/admin/audit-log")).json()["items"]
    assert {each["subjectId"] for each in log} == {each["id"] for each in made}
    assert all(abs(datetime.fromisoformat(each["occurredAt"]) - datetime.now(UTC)) < MINUTE for each in log)


@pytest.mark.parametrize("off", [-600, 600])
async def test_nothing_is_done_before_its_time_nor_long_after(
    own_database: TestDatabase, off: int, tmp_path: Path
) -> None:
    """A worker that is ahead waits for what is due in five minutes; one that is behind does what is due."""
    tenant, now = await tenant_in(own_database, tmp_path), datetime.now(UTC)
    inspector = await asyncpg.connect(own_database.admin)
    due, early = new_id(), new_id()
    for envelope, at in ((due, now), (early, now + timedelta(minutes=5))):
        await inspector.execute(DUE, tenant.id, envelope, FORGET_UPLOAD, new_id(), at)

    async def is_done() -> bool:
        return not await inspector.fetchval("select exists (select from work.envelopes where id = $1)", due)

    with running("worker", environment(own_database, **off_by(off)), tmp_path):
        await until(is_done)
        await inspector.execute(DUE, tenant.id, due, FORGET_UPLOAD, new_id(), now)
        await until(is_done)
        assert await inspector.fetchval("select attempts from work.envelopes where id = $1", early) == 0
    await inspector.close()


async def tenant_in(database: TestDatabase, folder: Path) -> Tenant:
    async with house_over(database, folder / "house") as house:
        return await new_tenant(house)
