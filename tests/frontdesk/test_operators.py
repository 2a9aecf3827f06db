"""The operators' commands, over a real database as its owner."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import asyncpg
import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domains.shared.plans import Plan
from domains.tenants import Provider
from frontdesk.keys import key_for
from infra.postgres.access_feed import CHANGED
from infra.postgres.integrations import place_of
from infra.totp import SharedSecrets
from infra.vault import AesVault
from tests.frontdesk.commands import refusal, run
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.people import Tenant, another_session, new_tenant
from tests.support.soon import becomes
from tests.support.stories import events_of, inspector

STRIPE = {"publishableKey": "pk_live_12345678", "secretKey": "sk_live_verySecretIndeed4242"}


def settings_of(database: TestDatabase) -> dict[str, str]:
    return {
        "DATABASE_URL": database.app,
        "DATABASE_OWNER_URL": database.owner,
        "DATABASE_RELAY_URL": database.relay,
        "JWT_SECRET": "s" * 32,
        "DATA_KEY": "n" * 32 + "," + "o" * 32,
    }


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Callable[..., dict[str, str]]:
    def said(*arguments: str) -> dict[str, str]:
        done = run(tmp_path, "tenants", *arguments, **settings_of(house.database))
        assert done.returncode == 0, done
        return {line[:18].strip(): line[18:] for line in done.stdout.splitlines()}

    return said


async def an_api_key(house: House, tenant: Tenant) -> str:
    async with house.client(tenant.owner.token) as client:
        made = await client.post("/api-keys", json={"name": "Till", "scopes": ["tenant:read"]})
    return str(made.json()["key"])


async def reaches(house: House, token: str) -> int:
    async with house.client(token) as client:
        return (await client.get("/tenants/me")).status_code


async def test_a_tenant_is_suspended_and_activated(
    house: House, tenant: Tenant, desk: Callable[..., dict[str, str]]
) -> None:
    """Its sessions are over for good; its API keys rest, and serve again."""
    key = await an_api_key(house, tenant)
    assert (await reaches(house, tenant.owner.token), await reaches(house, key)) == (200, 200)
    suspended = desk("suspend", tenant.slug)
    again = desk("suspend", tenant.slug)
    assert (suspended["state"], again) == ("suspended", suspended)
    for token in (tenant.owner.token, key):
        await becomes(401, partial(reaches, house, token))
    assert desk("activate", tenant.slug)["state"] == "active"
    await becomes(200, partial(reaches, house, key))
    assert await reaches(house, tenant.owner.token) == 401
    async with house.client((await another_session(house, tenant.owner)).token) as client:
        log = (await client.get("/admin/audit-log")).json()["items"]
    assert [(each["action"], each["requestId"], each["actorId"]) for each in log[:2]] == [
        ("tenant.activated", "operator", None),
        ("tenant.suspended", "operator", None),
    ]
    assert [event["type"] for event in await events_of(house, tenant)] == ["tenant.suspended", "tenant.activated"]


@pytest.mark.parametrize(
    "words", [("suspend",), ("activate",), ("set-plan", "standard"), ("set-quota", "users", "9"), ("delete",)]
)
async def test_those_who_serve_are_told_at_once(
    house: House, tenant: Tenant, desk: Callable[..., dict[str, str]], words: tuple[str, ...]
) -> None:
    """As they are by each other: nobody waits for the next look."""
    if words == ("activate",):
        desk("suspend", tenant.slug)
    heard = asyncio.Event()
    listener = await asyncpg.connect(house.database.app)
    await listener.add_listener(CHANGED, lambda *_: heard.set())
    await asyncio.to_thread(desk, words[0], tenant.slug, *words[1:])
    assert await asyncio.wait_for(heard.wait(), 5)
    await listener.close()


async def test_a_plan_is_set_and_shown(house: House, tenant: Tenant, desk: Callable[..., dict[str, str]]) -> None:
    before = desk("show", tenant.slug)
    after = desk("set-plan", tenant.slug, "standard")
    assert (before["plan"], before["members"], after["plan"]) == ("free", "4", "standard")
    async with inspector(house) as admin:
        found = await admin.fetchval("select plan from directory.tenants where id = $1", tenant.id)
    assert found == Plan.STANDARD.value


async def test_limits_of_its_own_are_set_noted_and_taken_back(
    house: House, tenant: Tenant, desk: Callable[..., dict[str, str]]
) -> None:
    desk("set-quota", tenant.slug, "customers", "2")
    desk("set-rate", tenant.slug, "caller", "50000/1m,900000/1h")
    shown = desk("set-quota", tenant.slug, "users", "unlimited")
    assert (shown["customers"], shown["users"], shown["caller"]) == ("2", "unlimited", "50000/60s,900000/3600s")
    async with house.client(tenant.owner.token) as client:
        log = (await client.get("/admin/audit-log")).json()["items"]
    told = [{change["field"]: change["after"] for change in each["changes"]} for each in log]
    assert {each["action"] for each in log} == {"tenant.limit_changed"}
    assert [(each["limit"], each["after"]) for each in told] == [
        ("users", "no limit"),
        ("caller", "50000/60s,900000/3600s"),
        ("customers", "2"),
    ]
    desk("set-quota", tenant.slug, "customers", "plan")
    back = desk("set-rate", tenant.slug, "caller", "plan")
    assert "customers" not in back
    assert "caller" not in back


async def test_limits_that_are_none_are_refused(house: House, tenant: Tenant, tmp_path: Path) -> None:
    settings = settings_of(house.database)
    assert "neither a number" in refusal(tmp_path, "tenants", "set-quota", tenant.slug, "users", "few", **settings)
    assert "neither such as" in refusal(tmp_path, "tenants", "set-rate", tenant.slug, "caller", "0/1m", **settings)
    assert run(tmp_path, "tenants", "set-rate", tenant.slug, "login", "9/1m", **settings).returncode == 2


async def test_a_tenant_is_closed_by_its_operator(
    house: House, tenant: Tenant, desk: Callable[..., dict[str, str]]
) -> None:
    line = desk("delete", tenant.slug)
    assert line["state"] == "closing"
    assert line["deleted on"].startswith("20")
    await house.follow_up()
    assert "is closed" in house.mail_to(tenant.owner.email)[0].subject
    async with house.client(tenant.owner.token) as client:
        assert (await client.post("/tenants/me/restore")).status_code == 200


async def test_all_are_listed(house: House, tenant: Tenant, other_tenant: Tenant, tmp_path: Path) -> None:
    lines = run(tmp_path, "tenants", "list", **settings_of(house.database)).stdout.splitlines()
    slugs = [line.split()[0] for line in lines]
    assert {tenant.slug, other_tenant.slug} <= set(slugs)
    assert slugs == sorted(slugs)


async def test_a_tenant_is_made_and_its_owner_logs_in(house: House, tmp_path: Path) -> None:
    email = f"owner-{tmp_path.name}@example.com".lower()
    order = ("tenants", "create", "Harbor Plumbing", "--owner-email", email, "--owner-name", "Ada Lovelace")
    done = run(tmp_path, *order, **settings_of(house.database))
    assert done.returncode == 0, done
    slug, login = done.stdout.splitlines()
    address, _, password = login.partition(" / ")
    body = {"email": address, "password": password, "tenantSlug": slug}
    async with house.client() as client:
        signed_in = await client.post("/auth/login", json=body)
    assert (signed_in.status_code, signed_in.json()["user"]["role"]) == (200, "owner")
    assert "has an account already" in refusal(tmp_path, *order, **settings_of(house.database))


async def test_what_is_not_there_is_said(house: House, tmp_path: Path) -> None:
    assert (
        refusal(tmp_path, "tenants", "suspend", "nobody", **settings_of(house.database)) == "There is no such tenant."
    )


async def test_secrets_are_locked_anew(own_database: TestDatabase, tmp_path: Path) -> None:
    """By the newest key alone they open afterwards; a key that is missing is said, without the secret."""
    settings = settings_of(own_database)
    new, old = (key_for("data", text) for text in settings["DATA_KEY"].split(","))
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        async with house.client(tenant.owner.token) as client:
            await client.put("/tenants/me/integrations/stripe", json=STRIPE)
        place, owner = place_of(tenant.id, Provider.STRIPE), tenant.owner.account
        unknown = refusal(tmp_path, "data-key", "rotate", **settings)
        assert "does not open" in unknown
        assert "4242" not in unknown
        async with inspector(house) as admin:
            locked = AesVault([old]).lock(msgspec.json.encode({"secretKey": STRIPE["secretKey"]}), place)
            await admin.execute("update tenant_integrations set secrets = $1, locked_with = 'old'", locked)
            former = AESGCM(key_for("totp", settings["JWT_SECRET"]))
            sealed = b"n" * 12 + former.encrypt(b"n" * 12, b"SECRET", owner.bytes)
            await admin.execute("insert into directory.second_factors values ($1, $2)", owner, sealed)
            first = run(tmp_path, "data-key", "rotate", **settings).stdout
            second = run(tmp_path, "data-key", "rotate", **settings).stdout
            rests = await admin.fetchval("select secrets from tenant_integrations")
            factor = await admin.fetchval("select secret from directory.second_factors")
    assert "1 connections, 0 links and 1 second factors" in first
    assert "0 connections, 0 links and 0 second factors" in second
    assert SharedSecrets(AesVault([new])).open(owner, factor) == b"SECRET"
    assert STRIPE["secretKey"].encode() in AesVault([new]).open(rests, place)
