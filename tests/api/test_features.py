"""Features over HTTP, and whom they are noted for."""

from typing import Any

import pytest

from domains.shared.permissions import Role
from domains.tenants import Feature, Features
from infra.clock import StoppedClock
from infra.postgres.database import Database
from infra.postgres.features import PostgresFeatures
from tests.support.fakes import NOON, actor
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.stories import inspector
from tests.support.work import work_over

AT = "/tenants/me/features"
VOICE: dict[str, Any] = {"feature": "voice_agent", "state": "on", "percentage": 0, "variants": []}


async def test_all_are_shown_and_one_is_switched(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        before = await client.get(AT)
        after = await client.patch(AT, json={"flags": [VOICE]}, headers={"If-Match": '"1"'})
        stale = await client.patch(AT, json={"flags": [VOICE]}, headers={"If-Match": '"1"'})
        same = await client.patch(AT, json={"flags": [VOICE]})
        log = (await client.get("/admin/audit-log", params={"action": "features.updated"})).json()["items"]
    async with house.client(tenant.people[Role.MEMBER].token) as member:
        theirs = (await member.get(AT)).json()
    flags = {each["feature"]: each for each in after.json()["flags"]}
    assert {each["state"] for each in before.json()["flags"]} == {"off"}
    assert set(flags) == set(Feature)
    assert flags["voice_agent"] == {**VOICE, "variant": "on"}
    assert (flags["api_v2"]["state"], flags["api_v2"]["variant"]) == ("off", None)
    assert (after.headers["ETag"], stale.status_code, same.json()["version"], len(log)) == ('"2"', 412, 2, 1)
    assert theirs["flags"] == after.json()["flags"]


async def test_the_next_version_is_for_whoever_has_its_feature(house: House, tenant: Tenant) -> None:
    asker = {"Authorization": f"Bearer {tenant.owner.token}"}
    async with house.root_client() as root, house.client(tenant.owner.token) as client:
        refused = [await root.get(at, headers=asker) for at in ("/api/v2", "/api/v2/customers", "/api/v2/customers/1")]
        refused.append(await root.post("/api/v2/customers", json={"name": "Ada"}, headers=asker))
        await client.patch(AT, json={"flags": [{**VOICE, "feature": "api_v2"}]})
        empty = await root.get("/api/v2/customers", headers=asker)
        unknown = await root.get("/api/v2/customers")
    assert {(each.status_code, each.json()["code"]) for each in refused} == {(403, "feature_disabled")}
    assert (empty.status_code, unknown.status_code) == (404, 401)


@pytest.mark.parametrize(
    ("flag", "field"),
    [
        ({**VOICE, "feature": "time_travel"}, "flags[0].feature"),
        ({**VOICE, "percentage": 101}, "flags[0].percentage"),
        ({**VOICE, "state": "maybe"}, "flags[0].state"),
        ({**VOICE, "variants": [{"name": "A B", "weight": 1}]}, "flags[0].variants[0].name"),
    ],
)
async def test_what_is_wrong_is_named(house: House, tenant: Tenant, flag: dict[str, Any], field: str) -> None:
    async with house.client(tenant.owner.token) as client:
        answer = await client.patch(AT, json={"flags": [flag]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


async def test_who_meets_a_variant_is_noted_once_and_in_one_tenant(
    house: House, tenant: Tenant, other_tenant: Tenant
) -> None:
    async with house.client(tenant.owner.token) as client:
        await client.patch(AT, json={"flags": [{**VOICE, "variants": [{"name": "short", "weight": 1}]}]})
    pool, clock = Database(house.database.app, size=3), StoppedClock(NOON)
    asker, foreign = actor(Role.STAFF, tenant.id), actor(Role.STAFF, other_tenant.id)
    for each in (asker, asker, foreign):
        async with work_over(pool, each.tenant) as work:
            features = Features(each, PostgresFeatures(work, clock), clock)
            assert await features.variant(Feature.VOICE_AGENT) == ("short" if each is asker else None)
            assert not await features.is_on(Feature.API_V2)
    await pool.close()
    async with inspector(house) as admin:
        noted = await admin.fetch(
            "select feature, user_id, variant from feature_exposures where tenant_id = any ($1)",
            [tenant.id, other_tenant.id],
        )
    assert [tuple(row) for row in noted] == [("voice_agent", asker.user, "short")]
