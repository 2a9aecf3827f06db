"""Customers in the calendar and in quotes: merged, erased, gone."""

from typing import Any

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.databases import rows
from tests.support.days import TEN
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.quotes import ITEM, a_customer, a_quote, moved

NAME = "Zanzibarius"


@pytest.fixture
async def desk(house: House, tenant: Tenant) -> Desk:
    return await new_desk(house, tenant)


async def told(desk: Desk, method: str, path: str, **options: Any) -> tuple[int, Any]:
    async with desk.client() as client:
        answer = await client.request(method, path, **options)
    return answer.status_code, answer.json() if answer.content else None


async def test_whoever_was_merged_is_listed_and_written_to_with_the_other(desk: Desk) -> None:
    gone = await a_customer(desk.house, desk.tenant, emails=[f"old@{desk.tenant.slug}.example.com"])
    visit = await desk.booked(customerId=gone, startsAt=TEN)
    quote = await a_quote(desk.house, desk.tenant, customerId=gone)
    assert (await told(desk, "POST", f"/customers/{gone}/merge", json={"into": desk.customer}))[0] == 200
    for path, wanted in (("/appointments", visit), ("/quotes", quote)):
        _, listed = await told(desk, "GET", path, params={"customerId": desk.customer})
        assert [each["id"] for each in listed["items"]] == [wanted["id"]]
    new = f"new@{desk.tenant.slug}.example.com"
    await told(desk, "PATCH", f"/customers/{desk.customer}", json={"emails": [new]})
    assert (await told(desk, "POST", f"/quotes/{quote['id']}/send"))[0] == 200
    await desk.house.follow_up()
    assert len(desk.house.mail_to(new)) == 1
    assert desk.house.mail_to(f"old@{desk.tenant.slug}.example.com") == []


async def test_nothing_new_is_made_for_whoever_was_merged_or_erased(desk: Desk) -> None:
    merged, erased = [await a_customer(desk.house, desk.tenant) for _ in range(2)]
    quote = await a_quote(desk.house, desk.tenant)
    await told(desk, "POST", f"/customers/{merged}/merge", json={"into": desk.customer})
    assert (await told(desk, "POST", f"/customers/{erased}/erase"))[0] == 204
    for customer, status, code in ((merged, 409, "customer_merged"), (erased, 404, "not_found")):
        booked = await desk.book(customerId=customer, startsAt=TEN)
        drafted = await told(desk, "POST", "/quotes", json={"customerId": customer, "items": [ITEM]})
        changed = await told(desk, "PATCH", f"/quotes/{quote['id']}", json={"customerId": customer})
        for answer in ((booked.status_code, booked.json()), drafted, changed):
            assert (answer[0], answer[1]["code"]) == (status, code)


async def test_an_erased_customer_is_named_nowhere(desk: Desk) -> None:
    customer = await a_customer(desk.house, desk.tenant, name=NAME, emails=[f"{NAME}@example.com"])
    visit = await desk.booked(customerId=customer, startsAt=TEN, title=NAME, location=NAME, notes=NAME)
    items = [{**ITEM, "description": f"For {NAME}"}]
    quote = await a_quote(desk.house, desk.tenant, customerId=customer, items=items, notes=NAME)
    sent = (await moved(desk.house, desk.tenant, quote["id"], "sent"))["publicUrl"].rpartition("=")[2]
    async with desk.house.client() as nobody:
        accepted = await nobody.post(f"/public/quotes/{sent}/accept", json={"name": NAME, "signature": NAME})
        assert accepted.status_code == 200, accepted.text
    assert (await told(desk, "POST", f"/customers/{customer}/erase"))[0] == 204
    async with desk.house.client() as nobody:
        gone = await nobody.get(f"/public/quotes/{sent}")
        assert (gone.status_code, gone.json()["code"]) == (410, "expired")
    await desk.house.follow_up()
    for path in (f"/appointments/{visit['id']}", f"/quotes/{quote['id']}", "/admin/audit-log?limit=100"):
        status, shown = await told(desk, "GET", path)
        assert (status, NAME.lower() in str(shown).lower()) == (200, False), shown
    kept = await rows(
        desk.house.database.admin,
        "select q::text from quotes q where tenant_id = $1 union all select a::text from appointments a"
        " where tenant_id = $1 union all select l::text from audit_log l where tenant_id = $1",
        desk.tenant.id,
    )
    assert [row for row in kept if NAME.lower() in row[0].lower()] == []


async def test_a_draft_of_whoever_was_erased_is_not_sent(desk: Desk) -> None:
    customer = await a_customer(desk.house, desk.tenant, emails=["away@example.com"])
    quote = await a_quote(desk.house, desk.tenant, customerId=customer)
    assert (await told(desk, "POST", f"/customers/{customer}/erase"))[0] == 204
    assert (await told(desk, "PATCH", f"/quotes/{quote['id']}/status", json={"status": "sent"}))[0] == 404
    assert (await told(desk, "POST", f"/quotes/{quote['id']}/send"))[0] == 404
    assert (await told(desk, "GET", f"/quotes/{quote['id']}"))[1]["number"] is None


async def test_a_letter_to_whoever_was_erased_meanwhile_is_not_written(desk: Desk) -> None:
    address = f"away@{desk.tenant.slug}.example.com"
    customer = await a_customer(desk.house, desk.tenant, emails=[address])
    quote = await a_quote(desk.house, desk.tenant, customerId=customer)
    assert (await told(desk, "POST", f"/quotes/{quote['id']}/send"))[0] == 200
    assert (await told(desk, "POST", f"/customers/{customer}/erase"))[0] == 204
    await desk.house.follow_up()
    assert desk.house.mail_to(address) == []
    waiting = "select count(*) from work.envelopes where tenant_id = $1 and kind like 'quotes%'"
    assert [row[0] for row in await rows(desk.house.database.admin, waiting, desk.tenant.id)] == [0]


@pytest.mark.parametrize("days", [{"from": "0001-01-01", "to": "0001-01-02"}, {"from": "9999-12-30"}])
async def test_days_in_no_calendar_are_refused(house: House, tenant: Tenant, days: dict[str, str]) -> None:
    desk = await new_desk(house, tenant, bookableOnline=True)
    public = f"/public/tenants/{desk.tenant.slug}/availability"
    for path in ("/appointments/availability", public):
        status, problem = await told(desk, "GET", path, params={"serviceId": desk.service, **days})
        assert (status, problem["code"]) == (400, "validation_error")


async def test_a_quote_ends_in_a_year_that_comes(house: House, tenant: Tenant) -> None:
    made = await a_quote(house, tenant)
    async with house.client(tenant.owner.token) as client:
        for day in ("0001-01-01", "9999-12-31"):
            answer = await client.patch(f"/quotes/{made['id']}", json={"validUntil": day})
            assert [each["field"] for each in answer.json()["errors"]] == ["validUntil"]
        kept = await client.patch(f"/quotes/{made['id']}", json={"validUntil": "2999-12-31"})
    assert kept.status_code == 200


async def test_what_is_accepted_without_a_choice_is_what_was_shown(house: House, tenant: Tenant) -> None:
    items = [ITEM, {**ITEM, "description": "Gold taps", "optional": True, "selected": True}]
    quote = await a_quote(house, tenant, items=items)
    sent = (await moved(house, tenant, quote["id"], "sent"))["publicUrl"].rpartition("=")[2]
    async with house.client() as nobody:
        shown = (await nobody.get(f"/public/quotes/{sent}")).json()
        accepted = await nobody.post(f"/public/quotes/{sent}/accept", json={"name": "Ada", "signature": "Ada"})
    assert (accepted.json()["total"], accepted.json()["status"]) == (shown["total"], "accepted")
