"""Logging in: what is refused says and costs the same, whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from infra.postgres.database import Database
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.registrations import PASSWORD, an_address, an_order, log_in, registered, verified
from tests.support.sameness import told
from tests.support.stories import inspector


async def test_whatever_is_wrong_gets_the_same_bytes(house: House) -> None:
    known, waiting = an_address(), an_address()
    slug = (await verified(house, known))["tenant"]["slug"]
    await registered(house, waiting)
    answers = [
        await log_in(house, known, "Wrong-Horse-7"),
        await log_in(house, an_address()),
        await log_in(house, waiting, "Wrong-Horse-7"),
        await log_in(house, "no address at all"),
        await log_in(house, known, tenantSlug="somebody-elses"),
        await log_in(house, an_address(), tenantSlug=slug),
        await log_in(house, known, PASSWORD.lower()),
    ]
    assert (answers[0].status_code, answers[0].json()["code"]) == (401, "invalid_credentials")
    assert [told(answer) for answer in answers] == [told(answers[0])] * len(answers)
    assert (await log_in(house, known)).status_code == 200
    assert (await log_in(house, known.upper(), tenantSlug=slug)).status_code == 200


async def test_an_unverified_address_is_told_so_with_the_right_password_only(house: House) -> None:
    email = an_address()
    await registered(house, email)
    right, wrong = await log_in(house, email), await log_in(house, email, "Wrong-Horse-7")
    assert (right.status_code, right.json()["code"]) == (401, "email_not_verified")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")


async def test_each_login_is_a_session_of_its_own(house: House) -> None:
    email = an_address()
    first = await verified(house, email)
    second = (await log_in(house, email)).json()
    assert first["accessToken"] != second["accessToken"]
    async with inspector(house) as admin:
        sessions = await admin.fetch(
            "select s.expires_at - s.created_at as life from directory.sessions s"
            " join directory.accounts a on a.id = s.account_id where a.email = $1",
            email,
        )
    assert len(sessions) == 2
    assert all(86_390 < row["life"].total_seconds() < 86_410 for row in sessions)


async def test_without_a_slug_one_comes_into_the_tenant_last_used(house: House) -> None:
    email, other = an_address(), an_address()
    own, second = await verified(house, email), await verified(house, other)
    async with inspector(house) as admin:
        await _join(admin, email, second["tenant"]["id"])
    assert (await log_in(house, email, tenantSlug=second["tenant"]["slug"])).json()["user"]["role"] == "staff"
    last = (await log_in(house, email)).json()
    assert last["tenant"] == second["tenant"]
    assert {each["id"]: each["role"] for each in last["tenants"]} == {
        own["tenant"]["id"]: "owner",
        second["tenant"]["id"]: "staff",
    }
    assert (await log_in(house, email, tenantSlug=own["tenant"]["slug"])).json()["tenant"] == own["tenant"]
    assert (await log_in(house, email)).json()["tenant"] == own["tenant"]


async def _join(admin: asyncpg.Connection, email: str, tenant: str) -> None:
    """Make the person a staff member of one more tenant."""
    async with admin.transaction():
        joined = await admin.fetchrow(
            "insert into directory.memberships (account_id, tenant_id, user_id, role)"
            " select id, $2, gen_random_uuid(), 'staff' from directory.accounts where email = $1"
            " returning account_id, user_id",
            email,
            tenant,
        )
        assert joined is not None
        await admin.execute(
            "insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)"
            " values ($1, $2, $3, 'staff', $4, 'second', 'Second', now(), now())",
            tenant,
            joined["user_id"],
            joined["account_id"],
            email,
        )


@pytest.fixture
async def one_line(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """The application with a single connection, so that all its statements pass one place."""
    async with house_over(database, tmp_path, pool_size=1) as running:
        yield running


async def statements(house: House, method: str, path: str, body: dict[str, object]) -> list[str]:
    """What is asked of the database to answer a request, less what the clock asks by itself."""
    asked: list[str] = []

    def note(query: LoggedQuery) -> None:
        if "work.clock" not in query.query:
            asked.append(query.query)

    database = await house.container.get(Database)
    async with database.connection() as connection:
        connection.add_query_logger(note)
    async with house.client() as client:
        await client.request(method, path, json=body)
    await asyncio.sleep(0)
    async with database.connection() as connection:
        connection.remove_query_logger(note)
    return asked


async def test_login_asks_the_same_of_the_database_for_everybody(one_line: House) -> None:
    known, waiting = an_address(), an_address()
    await verified(one_line, known)
    await registered(one_line, waiting)
    asked = [
        await statements(one_line, "POST", "/auth/login", {"email": email, "password": "Wrong-Horse-7"})
        for email in (known, waiting, an_address(), "no address")
    ]
    assert asked == [asked[0]] * 4
    assert len(asked[0]) == 6


async def test_registering_asks_the_same_of_the_database_for_everybody(one_line: House) -> None:
    known, waiting = an_address(), an_address()
    await verified(one_line, known)
    await registered(one_line, waiting)
    for path in ("/auth/register", "/auth/resend-verification"):
        asked = [
            await statements(one_line, "POST", path, an_order(email) if path.endswith("register") else {"email": email})
            for email in (known, waiting, an_address())
        ]
        assert [len(each) for each in asked] == [len(asked[0])] * 3
        assert [_shapes(each) for each in asked] == [_shapes(asked[0])] * 3
        assert len(asked[0]) >= 4


def _shapes(asked: list[str]) -> list[str]:
    """Statements without the ids in them."""
    return [each.split("app.tenant_id")[0] for each in asked]


async def test_a_guess_at_a_code_asks_the_same_of_the_database_for_everybody(one_line: House) -> None:
    waiting = an_address()
    code = await registered(one_line, waiting)
    asked = [
        await statements(
            one_line, "POST", "/auth/verify-email", {"email": email, "code": f"{(int(code) + 1) % 10**6:06}"}
        )
        for email in (waiting, an_address())
    ]
    assert asked[0] == asked[1]
    assert len(asked[0]) == 6
