"""Attack C18 218: every security event that exists leaves who, what, when, tenant and request id."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, new_tenant
from tests.support.sealing import seal_all

PASSWORD = "Correct-Horse-7"
AGENT = "Login-Form/2"


class Newcomer:
    """Somebody who registers, and their requests."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.email = f"{new_id().hex}@example.com"
        self.request_id = f"request-{new_id()}"

    async def asks(self, address: str, **body: object) -> dict[str, Any]:
        headers = {"User-Agent": AGENT, "X-Request-Id": self.request_id}
        async with self.house.client() as client:
            answer = await client.post(f"/auth/{address}", json={"email": self.email, **body}, headers=headers)
        return dict(answer.json())

    async def registers(self) -> str:
        """The code that is mailed."""
        await self.asks(
            "register", password=PASSWORD, tenantName="Harbor", displayName="Ada Lovelace", agreeToTerms=True
        )
        await self.house.follow_up()
        code = re.search(r"\b\d{6}\b", self.house.mail_to(self.email)[0].text)
        assert code
        return code.group()

    async def seen(self) -> list[dict[str, Any]]:
        """The security events without a tenant that this one's requests left."""
        admin = await asyncpg.connect(self.house.database.admin)
        try:
            asked = "select * from directory.security_events where request_id = $1 order by id"
            return [dict(row) for row in await admin.fetch(asked, self.request_id)]
        finally:
            await admin.close()

    async def account(self) -> object:
        admin = await asyncpg.connect(self.house.database.admin)
        try:
            return await admin.fetchval("select id from directory.accounts where email = $1", self.email)
        finally:
            await admin.close()


@pytest.fixture
def newcomer(house: House) -> Newcomer:
    return Newcomer(house)


async def test_a_wrong_code_is_noted(newcomer: Newcomer) -> None:
    code = await newcomer.registers()
    assert (await newcomer.asks("verify-email", code=f"{(int(code) + 1) % 1_000_000:06}"))["code"] == "invalid_code"
    (event,) = await newcomer.seen()
    assert (event["action"], event["address"], event["account_id"]) == ("code.refused", newcomer.email, None)
    assert (event["ip"], event["agent"]) == ("127.0.0.1", AGENT)
    assert abs(event["occurred_at"] - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_login_before_the_address_is_confirmed_is_noted(newcomer: Newcomer) -> None:
    await newcomer.registers()
    assert (await newcomer.asks("login", password=PASSWORD))["code"] == "email_not_verified"
    assert [event["action"] for event in await newcomer.seen()] == ["login.refused"]


async def test_a_wrong_password_is_noted_with_the_account(newcomer: Newcomer) -> None:
    await newcomer.asks("verify-email", code=await newcomer.registers())
    assert (await newcomer.asks("login", password="Wrong-Horse-7"))["code"] == "invalid_credentials"
    (event,) = await newcomer.seen()
    assert (event["action"], event["address"]) == ("login.refused", newcomer.email)
    assert event["account_id"] == await newcomer.account() != None  # noqa: E711 - the column is null for strangers


async def test_a_login_into_a_tenant_of_others_is_noted(newcomer: Newcomer) -> None:
    await newcomer.asks("verify-email", code=await newcomer.registers())
    refused = await newcomer.asks("login", password=PASSWORD, tenantSlug="not-theirs")
    assert refused["code"] == "invalid_credentials"
    assert [event["action"] for event in await newcomer.seen()] == ["login.refused"]


async def test_an_unknown_address_is_noted_without_an_account(newcomer: Newcomer) -> None:
    await newcomer.asks("login", password=PASSWORD)
    (event,) = await newcomer.seen()
    assert (event["action"], event["address"], event["account_id"]) == ("login.refused", newcomer.email, None)


async def test_what_is_no_address_is_not_kept(newcomer: Newcomer) -> None:
    await newcomer.asks("login", email="My-Password-7", password="x")
    (event,) = await newcomer.seen()
    assert event["address"] is None
    assert "My-Password-7" not in str(event)


async def test_a_refusal_of_somebody_known_is_in_the_tenants_log(house: House, tenant: Tenant) -> None:
    member = tenant.people[Role.MEMBER]
    async with house.client(member.token) as client:
        headers = {"X-Request-Id": "request-403", "User-Agent": AGENT}
        for method, address in (("GET", "/customers"), ("DELETE", f"/customers/{new_id()}")):
            assert (await client.request(method, address, headers=headers)).status_code == 403
        assert (await client.get("/auth/me")).status_code == 200
    async with house.client(tenant.owner.token) as client:
        assert (await client.get("/customers")).status_code == 200
        assert (await client.get(f"/customers/{new_id()}")).status_code == 404
        found = (await client.get("/admin/audit-log", params={"sort": "occurredAt"})).json()["items"]
    assert [entry["changes"] for entry in found] == [
        [{"field": "operation", "before": None, "after": operation}]
        for operation in ("GET /api/v1/customers", "DELETE /api/v1/customers/:customerId")
    ]
    for entry in found:
        assert (entry["action"], entry["actorId"]) == ("access.refused", str(member.user))
        assert (entry["requestId"], entry["ip"], entry["agent"]) == ("request-403", "127.0.0.1", AGENT)


async def test_a_refusal_that_cannot_be_noted_is_still_one(own_database: TestDatabase, tmp_path: Path) -> None:
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        owner = await asyncpg.connect(own_database.admin)
        await owner.execute("revoke insert on audit_log from frontdesk_app")
        await owner.close()
        async with house.client(tenant.people[Role.MEMBER].token) as client:
            assert (await client.get("/customers")).status_code == 403
        async with house.client(tenant.owner.token) as client:
            assert (await client.post("/customers", json={"name": "Grace"})).status_code == 500
            assert (await client.get("/customers")).json()["items"] == []


async def test_a_confirmed_registration_and_each_login_are_in_the_tenants_log(newcomer: Newcomer) -> None:
    await newcomer.asks("verify-email", code=await newcomer.registers())
    signed_in = await newcomer.asks("login", password=PASSWORD)
    assert await newcomer.seen() == []
    await seal_all(newcomer.house.database)
    async with newcomer.house.client(signed_in["accessToken"]) as client:
        found = (await client.get("/admin/audit-log", params={"sort": "occurredAt"})).json()["items"]
        proof = (await client.get("/admin/audit-log/verify")).json()
    assert [each["action"] for each in found] == ["registration.confirmed", "login.succeeded", "login.succeeded"]
    assert found[0]["subjectId"] == signed_in["tenant"]["id"]
    for entry in found:
        assert (entry["actorId"], entry["actorName"]) == (signed_in["user"]["id"], "Ada Lovelace")
        assert (entry["requestId"], entry["ip"], entry["agent"]) == (newcomer.request_id, "127.0.0.1", AGENT)
    assert (proof["valid"], proof["sealed"]) == (True, 3)
