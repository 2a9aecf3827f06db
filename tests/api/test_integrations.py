"""Connections to vendors over HTTP: secrets go in and never come out."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest

from domains.shared.permissions import Role
from domains.tenants import Provider
from infra.postgres.integrations import place_of
from infra.vault import AesVault
from tests.support.house import DATA_KEYS, House
from tests.support.people import Tenant
from tests.support.stories import inspector

AT = "/tenants/me/integrations"
SECRET = "sk_live_verySecretIndeed4242"
SIGNING = "whsec_alsoQuiteSecret1234"
STRIPE = {"publishableKey": "pk_live_12345678", "secretKey": SECRET, "webhookSecret": SIGNING}
BODIES: dict[str, dict[str, Any]] = {
    "ai": {"engine": "openai", "apiKey": "sk-proj-1234567890", "model": "gpt-6"},
    "google": {"clientId": "1.apps.googleusercontent.com", "clientSecret": "GOCSPX-1234567890"},
    "smtp": {"host": "mail.harbor.example", "fromAddress": "Desk@Harbor.example", "password": "long-password"},
    "stripe": STRIPE,
    "translation": {"engine": "deepl", "apiKey": "deepl-1234567890:fx"},
    "twilio": {"accountSid": "AC" + "1" * 32, "authToken": "a" * 32, "fromNumbers": ["+1 212 555 0101"]},
    "vapi": {"apiKey": "vapi-1234567890", "assistantId": "assistant-1"},
}


async def stored(house: House, tenant: Tenant, provider: str) -> asyncpg.Record | None:
    async with inspector(house) as admin:
        found: asyncpg.Record | None = await admin.fetchrow(
            "select * from tenant_integrations where tenant_id = $1 and provider = $2", tenant.id, provider
        )
    return found


@pytest.mark.parametrize("provider", sorted(BODIES))
async def test_each_provider_is_connected_shown_and_disconnected(house: House, tenant: Tenant, provider: str) -> None:
    at = f"{AT}/{provider}"
    async with house.client(tenant.owner.token) as client:
        before = (await client.get(at)).json()
        put = await client.put(at, json=BODIES[provider])
        assert put.status_code == 200, put.text
        found = await client.get(at)
        listed = {each["provider"]: each for each in (await client.get(AT)).json()["items"]}
        gone = await client.delete(at)
        after = (await client.get(at)).json()
    assert (before["version"], before["status"], before["secrets"]) == (0, "not_configured", [])
    assert (found.json(), found.headers["ETag"]) == (put.json(), '"1"')
    assert (put.json()["enabled"], put.json()["status"]) == (True, "unverified")
    assert listed[provider] == put.json()
    assert set(listed) == set(BODIES) == set(Provider)
    assert (gone.status_code, after) == (204, before)
    assert await stored(house, tenant, provider) is None


async def test_a_secret_is_in_no_answer_event_or_log(
    house: House, tenant: Tenant, capsys: pytest.CaptureFixture[str]
) -> None:
    async with house.client(tenant.owner.token) as client:
        answers = [
            await client.put(f"{AT}/stripe", json=STRIPE),
            await client.put(f"{AT}/stripe", json={**STRIPE, "publishableKey": "pk_live_87654321"}),
            await client.put(f"{AT}/stripe", json={**STRIPE, "publishableKey": "no"}),
            await client.get(f"{AT}/stripe"),
            await client.post(f"{AT}/stripe/test"),
            await client.delete(f"{AT}/stripe"),
            await client.get("/admin/audit-log"),
        ]
    assert answers[0].json()["secrets"] == [
        {"name": "secretKey", "lastFour": "4242"},
        {"name": "webhookSecret", "lastFour": "1234"},
    ]
    said = "".join(answer.text for answer in answers) + "".join(capsys.readouterr())
    async with inspector(house) as admin:
        for table in ("audit_log", "events", "tenant_integrations", "idempotency_keys"):
            rows = await admin.fetch(f"select t::text from {table} t where tenant_id = $1", tenant.id)
            said += "".join(row[0] for row in rows)
    assert "integration.removed" in said
    assert all(each[:-4] not in said for each in (SECRET, SIGNING))
    assert SECRET.encode().hex() not in said


async def test_the_log_says_that_a_secret_changed_and_not_to_what(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.put(f"{AT}/stripe", json=STRIPE)
        await client.put(f"{AT}/stripe", json={**STRIPE, "secretKey": "sk_live_another1234567"})
        log = (await client.get("/admin/audit-log", params={"action": "integration.updated"})).json()["items"]
    changes = {each["field"]: (each["before"], each["after"]) for each in log[0]["changes"]}
    assert changes["secrets"] == (None, None)
    assert changes["provider"] == (None, "stripe")
    assert "settings" not in changes


async def test_a_secret_stays_when_absent_and_goes_when_null(house: House, tenant: Tenant) -> None:
    without = {"publishableKey": "pk_live_12345678"}
    async with house.client(tenant.owner.token) as client:
        missing = await client.put(f"{AT}/stripe", json=without)
        await client.put(f"{AT}/stripe", json=STRIPE)
        same = await client.put(f"{AT}/stripe", json=without)
        fewer = await client.put(f"{AT}/stripe", json={**without, "webhookSecret": None})
        needed = await client.put(f"{AT}/stripe", json={**without, "secretKey": None})
    assert [(each["field"], each["code"]) for each in missing.json()["errors"]] == [("secretKey", "required")]
    assert (same.json()["version"], len(same.json()["secrets"])) == (1, 2)
    assert (fewer.json()["version"], [each["name"] for each in fewer.json()["secrets"]]) == (2, ["secretKey"])
    assert (needed.status_code, needed.json()["errors"][0]["field"]) == (400, "secretKey")


@pytest.mark.parametrize("elsewhere", [{"host": "mail.thief.example"}, {"port": 2525}, {"security": "tls"}])
async def test_a_secret_does_not_follow_to_another_server(
    house: House, tenant: Tenant, elsewhere: dict[str, Any]
) -> None:
    body = BODIES["smtp"]
    moved = {name: value for name, value in {**body, **elsewhere}.items() if name != "password"}
    async with house.client(tenant.owner.token) as client:
        await client.put(f"{AT}/smtp", json=body)
        refused = await client.put(f"{AT}/smtp", json=moved)
        still = (await client.get(f"{AT}/smtp")).json()["settings"]["host"]
        renamed = await client.put(f"{AT}/smtp", json={**body, "password": "long-password", "fromName": "Desk"})
        given = await client.put(f"{AT}/smtp", json={**moved, "password": "another-password"})
        dropped = await client.put(f"{AT}/smtp", json={**body, "password": None})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "password")
    assert (still, renamed.status_code, given.status_code) == (body["host"], 200, 200)
    assert (dropped.status_code, dropped.json()["secrets"]) == (200, [])


async def test_of_many_changes_to_one_version_exactly_one_wins(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        early = await client.put(f"{AT}/stripe", json=STRIPE, headers={"If-Match": '"1"'})
        first = await client.put(f"{AT}/stripe", json=STRIPE)
        bodies = ({**STRIPE, "publishableKey": f"pk_live_{number:08}"} for number in range(8))
        calls = (client.put(f"{AT}/stripe", json=body, headers={"If-Match": '"1"'}) for body in bodies)
        statuses = [answer.status_code for answer in await asyncio.gather(*calls)]
        stale = await client.delete(f"{AT}/stripe", headers={"If-Match": '"1"'})
        gone = await client.delete(f"{AT}/stripe", headers={"If-Match": '"2"'})
    assert (early.status_code, first.status_code, stale.status_code, gone.status_code) == (412, 200, 412, 204)
    assert statuses.count(200) == 1
    assert set(statuses) <= {200, 412, 503}


async def test_many_who_connect_first_make_one(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        answers = await asyncio.gather(*(client.put(f"{AT}/stripe", json=STRIPE) for _ in range(6)))
    assert {answer.status_code for answer in answers} <= {200, 503}
    row = await stored(house, tenant, "stripe")
    assert row
    assert row["version"] == 1


@pytest.mark.parametrize("role", [Role.STAFF, Role.MEMBER])
async def test_only_admins_see_and_change_them(house: House, tenant: Tenant, role: Role) -> None:
    async with house.client(tenant.people[role].token) as client:
        answers = [
            await client.get(AT),
            await client.get(f"{AT}/stripe"),
            await client.put(f"{AT}/stripe", json=STRIPE),
            await client.post(f"{AT}/stripe/test"),
            await client.delete(f"{AT}/stripe"),
        ]
    assert {answer.status_code for answer in answers} == {403}
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        assert (await client.put(f"{AT}/stripe", json=STRIPE)).status_code == 200


async def test_a_stolen_ciphertext_opens_for_nobody_else(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client, house.client(other_tenant.owner.token) as other:
        await client.put(f"{AT}/stripe", json=STRIPE)
        await other.put(f"{AT}/stripe", json={**STRIPE, "secretKey": "sk_live_theirOwnSecret99"})
        theirs = await stored(house, tenant, "stripe")
        assert theirs
        async with inspector(house) as admin:
            move = "update tenant_integrations set secrets = $2 where tenant_id = $1"
            await admin.execute(move, other_tenant.id, theirs["secrets"])
        refused = await other.get(f"{AT}/stripe")
        allowed = await client.get(f"{AT}/stripe")
    assert (refused.status_code, refused.json()["code"]) == (500, "internal_error")
    assert "4242" not in refused.text
    assert allowed.json()["secrets"][0]["lastFour"] == "4242"


async def test_what_rests_is_locked_with_the_newest_key(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.put(f"{AT}/stripe", json=STRIPE)
    row = await stored(house, tenant, "stripe")
    assert row
    opened = AesVault(DATA_KEYS[:1]).open(row["secrets"], place_of(tenant.id, Provider.STRIPE))
    assert json.loads(opened) == {"secretKey": SECRET, "webhookSecret": SIGNING}


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("stripe", {**STRIPE, "secretKey": "pk_live_12345678"}, "secretKey"),
    ("stripe", {**STRIPE, "secretKey": "sk_live_12345678\n"}, "secretKey"),
    ("twilio", {**BODIES["twilio"], "accountSid": "AC1"}, "accountSid"),
    ("twilio", {**BODIES["twilio"], "fromNumbers": ["0000"]}, "fromNumbers[0]"),
    ("smtp", {**BODIES["smtp"], "port": 6379}, "port"),
    ("smtp", {**BODIES["smtp"], "host": "mail.example/x"}, "host"),
    ("smtp", {**BODIES["smtp"], "security": "none"}, "security"),
    ("smtp", {**BODIES["smtp"], "fromAddress": "nobody"}, "fromAddress"),
    ("ai", {**BODIES["ai"], "engine": "abacus"}, "engine"),
    ("vapi", {**BODIES["vapi"], "url": "http://169.254.169.254/"}, "url"),
]


@pytest.mark.parametrize(("provider", "body", "field"), BAD, ids=[str(at) for at in range(len(BAD))])
async def test_what_is_wrong_is_named(
    house: House, tenant: Tenant, provider: str, body: dict[str, Any], field: str
) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.put(f"{AT}/{provider}", json=body)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])
    assert await stored(house, tenant, provider) is None


async def test_a_trial_says_what_is_known(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        nothing = (await client.post(f"{AT}/vapi/test")).json()
        await client.put(f"{AT}/vapi", json=BODIES["vapi"])
        shape = (await client.post(f"{AT}/vapi/test")).json()
        kept = (await client.get(f"{AT}/vapi")).json()
        changed = (await client.put(f"{AT}/vapi", json={**BODIES["vapi"], "enabled": False})).json()
    assert (nothing["status"], nothing["detail"]) == ("not_configured", "nothing_to_try")
    assert (shape["status"], shape["detail"], shape["version"]) == ("unverified", "nobody_was_asked", 1)
    assert shape["webhookUrl"] is None
    assert kept == shape
    assert (changed["checkedAt"], changed["detail"], changed["enabled"]) == (None, None, False)
