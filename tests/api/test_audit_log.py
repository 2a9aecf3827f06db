"""The audit log over HTTP: who did what, when, from where, and what it was before."""

import csv
import io
from typing import Any
from uuid import UUID

import pytest

from domains.audit import AuditErasure
from domains.shared.clock import Clock
from domains.shared.permissions import Role
from domains.shared.work import UnitOfWork
from frontdesk.callers import Caller
from infra.postgres.recording import Origin
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.sealing import seal_all
from tests.support.work import CLOCK

LOG = "/admin/audit-log"
AGENT = "Harbor-App/1.0"


async def made(house: House, tenant: Tenant, **fields: Any) -> str:
    async with house.client(tenant.owner.token) as client:
        answer = await client.post(
            "/customers", json=fields, headers={"User-Agent": AGENT, "X-Request-Id": "request-1"}
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


async def entries(house: House, tenant: Tenant, **filters: str) -> list[dict[str, Any]]:
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        answer = await client.get(LOG, params=filters)
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


async def verified(house: House, tenant: Tenant) -> dict[str, Any]:
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        return dict((await client.get(f"{LOG}/verify")).json())


async def test_an_entry_says_who_what_when_and_from_where(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant, name="Grace Hopper", emails=["grace@example.com"], custom={"gate": 7})
    (entry,) = await entries(house, tenant)
    assert entry | {"id": "", "occurredAt": ""} == {
        "id": "",
        "number": None,
        "occurredAt": "",
        "actorId": str(tenant.owner.user),
        "actorName": "owner",
        "action": "customer.created",
        "subjectId": customer,
        "requestId": "request-1",
        "ip": "127.0.0.1",
        "agent": AGENT,
        "apiKeyId": None,
        "changes": [
            {"field": "name", "before": None, "after": "Grace Hopper"},
            {"field": "emails", "before": None, "after": '["grace@example.com"]'},
            {"field": "custom", "before": None, "after": '{"gate":7}'},
            {"field": "version", "before": None, "after": "1"},
        ],
        "erased": False,
        "hash": None,
    }
    await seal_all(house.database)
    (sealed,) = await entries(house, tenant)
    assert (sealed["number"], len(sealed["hash"])) == (1, 64)


async def test_a_change_shows_before_and_after_and_one_that_changes_nothing_is_none(
    house: House, tenant: Tenant
) -> None:
    customer = await made(house, tenant, name="Grace", notes="old")
    async with house.client(tenant.owner.token) as client:
        for body in ({"name": "Grace Hopper", "notes": None}, {"name": "Grace Hopper"}):
            assert (await client.patch(f"/customers/{customer}", json=body)).status_code == 200
        for _ in range(2):
            assert (await client.delete(f"/customers/{customer}")).status_code == 204
    archived, updated, _ = await entries(house, tenant)
    assert updated["action"] == "customer.updated"
    assert updated["changes"] == [
        {"field": "name", "before": "Grace", "after": "Grace Hopper"},
        {"field": "notes", "before": "old", "after": None},
        {"field": "version", "before": "1", "after": "2"},
    ]
    assert archived["action"] == "customer.archived"
    assert [change["field"] for change in archived["changes"]] == ["archivedAt", "version"]


async def test_what_was_refused_or_failed_leaves_no_entry(house: House, tenant: Tenant) -> None:
    customer = await made(house, tenant, name="Grace")
    async with house.client(tenant.owner.token) as client:
        stale = await client.patch(f"/customers/{customer}", json={"name": "No"}, headers={"If-Match": '"9"'})
        assert stale.status_code == 412
    assert len(await entries(house, tenant)) == 1


async def test_the_log_is_filtered_and_paged(house: House, tenant: Tenant) -> None:
    customers = [await made(house, tenant, name=f"Customer {number}") for number in range(5)]
    async with house.client(tenant.people[Role.STAFF].token) as client:
        await client.delete(f"/customers/{customers[0]}")
    assert len(await entries(house, tenant, subject=customers[0])) == 2
    assert [entry["subjectId"] for entry in await entries(house, tenant, action="customer.archived")] == customers[:1]
    assert len(await entries(house, tenant, actor=str(tenant.people[Role.STAFF].user))) == 1
    assert len(await entries(house, tenant, **{"from": "2020-01-01", "to": "2020-12-31"})) == 0
    assert len(await entries(house, tenant, **{"from": "2020-01-01T00:00:00Z"})) == 6
    oldest_first = [entry["subjectId"] for entry in await entries(house, tenant, sort="occurredAt")]
    assert oldest_first == [*customers, customers[0]]
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        first = (await client.get(LOG, params={"limit": 4, "includeTotal": True})).json()
        rest = (await client.get(LOG, params={"limit": 4, "cursor": first["nextCursor"]})).json()
        assert (first["total"], len(first["items"]), len(rest["items"]), rest["nextCursor"]) == (6, 4, 2, None)
        moved = await client.get(LOG, params={"cursor": first["nextCursor"], "action": "customer.created"})
        assert (moved.status_code, moved.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("bad", [{"actor": "nobody"}, {"subject": "1"}, {"action": ""}, {"who": "me"}])
async def test_a_bad_filter_is_refused(house: House, tenant: Tenant, bad: dict[str, str]) -> None:
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        assert (await client.get(LOG, params=bad)).status_code == 400


@pytest.mark.parametrize("role", Role)
async def test_admins_and_owners_read_it(house: House, tenant: Tenant, role: Role) -> None:
    expected = 200 if role in {Role.OWNER, Role.ADMIN} else 403
    async with house.client(tenant.people[role].token) as client:
        for address in (LOG, f"{LOG}/verify"):
            assert (await client.get(address)).status_code == expected
        assert (await client.get(LOG, headers={"Accept": "text/csv"})).status_code == expected


async def test_nobody_reads_anothers(house: House, tenant: Tenant, other_tenant: Tenant) -> None:
    customer = await made(house, tenant, name="Grace")
    assert await entries(house, other_tenant) == []
    assert await entries(house, other_tenant, subject=customer) == []
    await seal_all(house.database)
    assert await verified(house, other_tenant) == {
        "valid": True, "sealed": 0, "tail": 0, "hash": None, "brokenAt": None
    }  # fmt: skip


async def test_as_csv_all_of_it_comes_and_no_cell_is_a_formula(house: House, tenant: Tenant) -> None:
    customers = [await made(house, tenant, name=f"Customer {number}") for number in range(23)]
    async with house.client(tenant.owner.token) as client:
        headers = {"User-Agent": '=HYPERLINK("http://evil.test")'}
        body = {"name": '=1+1, "two"', "notes": "+1\nlines"}
        assert (await client.post("/customers", json=body, headers=headers)).status_code == 201
    async with house.client(tenant.people[Role.ADMIN].token) as client:
        answer = await client.get(LOG, headers={"Accept": "text/csv"}, params={"sort": "occurredAt"})
    assert answer.headers["content-type"] == "text/csv; header=present; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-log.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["subjectId"] for row in rows[:-1]] == customers
    assert rows[-1]["agent"] == '\'=HYPERLINK("http://evil.test")'
    assert {(row["erased"], row["apiKeyId"]) for row in rows} == {("false", "")}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


async def test_json_is_the_answer_unless_csv_alone_is_asked_for(house: House, tenant: Tenant) -> None:
    async with house.client(tenant.owner.token) as client:
        for accept in ("*/*", "application/json", "application/json, text/csv"):
            answer = await client.get(LOG, headers={"Accept": accept})
            assert answer.headers["content-type"].startswith("application/json"), accept


async def test_erasing_a_person_takes_the_values_and_leaves_the_proof(house: House, tenant: Tenant) -> None:
    customer, other = await made(house, tenant, name="Grace Hopper"), await made(house, tenant, name="Ada")
    await seal_all(house.database)
    unsealed = await made(house, tenant, name="Not sealed yet")
    await erase(house, tenant, customer, unsealed)
    found = {entry["subjectId"]: entry for entry in await entries(house, tenant)}
    assert "Grace" not in str(found[customer])
    assert found[customer]["erased"]
    assert found[customer]["changes"][0] == {"field": "name", "before": None, "after": None}
    assert (found[customer]["ip"], found[other]["erased"]) == ("127.0.0.1", False)
    await seal_all(house.database)
    assert await verified(house, tenant) | {"hash": ""} == {
        "valid": True, "sealed": 3, "tail": 0, "hash": "", "brokenAt": None
    }  # fmt: skip
    await erase(house, tenant, str(tenant.owner.user))
    shown = await entries(house, tenant)
    assert [(entry["ip"], entry["agent"]) for entry in shown] == [(None, None)] * 3
    assert shown[1]["changes"][0]["after"] == "Ada"
    assert (await verified(house, tenant))["valid"]


async def erase(house: House, tenant: Tenant, *people: str) -> None:
    async with house.work(context={Caller: Caller(tenant=tenant.id, origin=Origin("test")), Clock: CLOCK}) as scope:
        erasure = await scope.get(AuditErasure)
        async with await scope.get(UnitOfWork):
            for person in people:
                await erasure.erase(UUID(person))
