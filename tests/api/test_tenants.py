"""The business's own record over HTTP."""

import asyncio
import json
from typing import Any

import pytest

from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import events_of, inspector

FULL: dict[str, Any] = {
    "name": "Harbor Plumbing",
    "address": {"street": "1 Pier Road", "city": "New York", "state": "NY", "zipCode": "10001", "country": "US"},
    "phone": "+12125550101",
    "email": "office@harbor.example",
    "timezone": "Europe/Berlin",
    "currency": "EUR",
    "locale": "de",
    "openingHours": {
        day: [{"opens": "08:00", "closes": "17:30"}] if day == "monday" else []
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    },
    "taxRates": [{"name": "Sales tax", "rate": "8.875", "isDefault": True}],
    "numbering": {"quote": "Q{seq}", "invoice": "{year}/{seq:6}", "creditNote": "CN-{seq}"},
    "documents": {"paper": "a4", "taxNumber": "DE123456789", "footer": "IBAN DE89 3704 0044 0532 0130 00"},
    "registration": "domain",
    "emailDomains": ["harbor.example"],
}


def a_slug() -> str:
    return f"harbor-{new_id().hex[-12:]}"


async def policy_of(house: House, slug: str) -> tuple[Any, ...] | None:
    async with inspector(house) as admin:
        row = await admin.fetchrow("select tenant, policy, domains from directory.registration_policy($1)", slug)
    return tuple(row) if row and row["tenant"] else None


async def test_the_record_is_shown_changed_and_shown_again(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        before = await client.get("/tenants/me")
        changed = await client.patch("/tenants/me", json=FULL)
        assert changed.status_code == 200, changed.text
        found = await client.get("/tenants/me")
        me = (await client.get("/auth/me")).json()["tenant"]
    assert (before.json()["slug"], before.json()["registration"], before.headers["ETag"]) == (
        tenant.slug, "invite", '"1"',
    )  # fmt: skip
    assert (changed.headers["ETag"], found.json()) == ('"2"', changed.json())
    assert {name: changed.json()[name] for name in FULL} == FULL
    assert (me["name"], me["timezone"], me["version"]) == ("Harbor Plumbing", "Europe/Berlin", 2)


async def test_the_change_is_told_and_noted_with_before_and_after(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"name": "Harbor & Sons", "timezone": "America/New_York"})
        await client.patch("/tenants/me", json={"name": "Harbor & Sons"})
        log = (await client.get("/admin/audit-log", params={"action": "tenant.updated"})).json()["items"]
    assert [(event["type"], json.loads(event["data"])) for event in await events_of(house, tenant)] == [
        ("tenant.updated", {"fields": ["name"]})
    ]
    assert [entry["changes"] for entry in log] == [
        [
            {"field": "name", "before": tenant.slug, "after": "Harbor & Sons"},
            {"field": "version", "before": "1", "after": "2"},
        ]
    ]


@pytest.mark.parametrize("role", [Role.STAFF, Role.MEMBER])
async def test_everybody_reads_and_admins_write(house: House, tenant: Tenant, role: Role) -> None:
    async with house.client(tenant.people[role].token) as client:
        assert (await client.get("/tenants/me")).status_code == 200
        refused = await client.patch("/tenants/me", json={"name": "Mine"})
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        allowed = await client.patch("/tenants/me", json={"name": "Ours"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (allowed.status_code, allowed.json()["version"]) == (200, 2)


@pytest.mark.parametrize("field", ["name", "slug", "timezone", "currency", "locale", "registration"])
async def test_what_every_business_has_is_not_cleared(house: House, tenant: Tenant, field: str) -> None:
    async with house.client(tenant.owner.token) as client:
        refused = await client.patch("/tenants/me", json={field: None})
    assert [(error["field"], error["code"]) for error in refused.json()["errors"]] == [(field, "invalid_type")]


async def test_a_stale_version_is_refused(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        first = await client.patch("/tenants/me", json={"name": "First"}, headers={"If-Match": '"1"'})
        second = await client.patch("/tenants/me", json={"name": "Second"}, headers={"If-Match": '"1"'})
    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 412, "version_conflict")


async def test_a_slug_is_changed_everywhere_and_the_old_one_kept_free(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    slug = a_slug()
    async with house.client(tenant.owner.token) as client, house.client(other_tenant.owner.token) as other:
        assert (await client.patch("/tenants/me", json={"slug": slug})).status_code == 200
        taken = await other.patch("/tenants/me", json={"slug": slug})
        kept = await other.patch("/tenants/me", json={"slug": tenant.slug, "name": "Not stored"})
        theirs = (await other.get("/tenants/me")).json()
        back = await client.patch("/tenants/me", json={"slug": tenant.slug})
        assert (await other.patch("/tenants/me", json={"slug": a_slug()})).status_code == 200
    assert [(each.status_code, each.json()["code"]) for each in (taken, kept)] == [(409, "already_exists")] * 2
    assert (theirs["slug"], theirs["name"], theirs["version"]) == (other_tenant.slug, other_tenant.slug, 1)
    assert (back.status_code, back.json()["slug"]) == (200, tenant.slug)


@pytest.mark.breaks_invariants("a tenant that nobody founded")
async def test_a_slug_that_is_kept_free_goes_to_no_new_tenant_until_its_time(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.patch("/tenants/me", json={"slug": a_slug()})
    insert = "insert into directory.tenants (id, slug, name) values ($1, $2, 'New') on conflict do nothing"
    async with inspector(house) as admin:
        assert await admin.execute(insert, new_id(), tenant.slug) == "INSERT 0 0"
        await admin.execute("update directory.reserved_slugs set until = now() where slug = $1", tenant.slug)
        assert await admin.execute(insert, new_id(), tenant.slug) == "INSERT 0 1"


async def test_two_who_want_one_slug_at_once(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    slug = a_slug()
    async with house.client(tenant.owner.token) as client, house.client(other_tenant.owner.token) as other:
        answers = await asyncio.gather(*(each.patch("/tenants/me", json={"slug": slug}) for each in (client, other)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_who_wants_to_join_finds_the_policy_by_the_exact_slug(house: House, tenant: Tenant) -> None:
    assert await policy_of(house, tenant.slug) == (tenant.id, "invite", [])
    async with house.client(tenant.owner.token) as client:
        body = {"registration": "domain", "emailDomains": ["harbor.example"]}
        assert (await client.patch("/tenants/me", json=body)).status_code == 200
    assert await policy_of(house, tenant.slug) == (tenant.id, "domain", ["harbor.example"])
    assert await policy_of(house, "nobody-at-all") is None
    async with inspector(house) as admin:
        await admin.execute("update directory.tenants set suspended_at = now() where id = $1", tenant.id)
    assert await policy_of(house, tenant.slug) == (tenant.id, "closed", ["harbor.example"])
