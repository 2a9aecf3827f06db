"""What happens to invoices that nobody pays: overdue at the business's midnight, and reminded of at nine."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from infra.postgres.clock import BusinessClock
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.invoices import asked, credited, invoice_moved, issued, shown
from tests.support.people import Tenant, new_tenant
from tests.support.quotes import a_customer
from tests.support.stories import events_of, inspector

Shop = tuple[House, Tenant]


@pytest.fixture
async def shop(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Shop]:
    """A business in New York whose clock is its own. It reminds three days and a week after."""
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        terms = {"paymentDays": 10, "reminderDays": [3, 7]}
        answer = await asked(house, tenant, "PATCH", "/tenants/me", json={"invoicing": terms})
        assert answer.status_code == 200, answer.text
        yield house, tenant


async def move(house: House, by: str) -> None:
    """Move the clock while a worker runs."""
    stop = asyncio.Event()
    working = asyncio.create_task(house.relay.run(stop))
    async with house.root_client() as client:
        answer = await client.post("/sandbox/clock", json={"advance": by})
    stop.set()
    await working
    assert answer.status_code == 200, answer.text


async def kinds(house: House, tenant: Tenant, invoice: str) -> list[tuple[str, datetime]]:
    found = [event for event in await events_of(house, tenant) if str(event["subject_id"]) == invoice]
    return [(event["type"], event["occurred_at"]) for event in found]


def letters(house: House, tenant: Tenant) -> list[str]:
    mails = house.mail_to(f"grace@{tenant.slug}.example.com")
    return [mail.text for mail in mails if "is still to be paid" in mail.text]


async def mailed(shop: Shop) -> str:
    house, tenant = shop
    customer = await a_customer(house, tenant, emails=[f"grace@{tenant.slug}.example.com"])
    return str((await issued(house, tenant, customerId=customer))["id"])


async def test_it_is_overdue_at_midnight_and_its_customer_is_reminded_twice(shop: Shop) -> None:
    house, tenant = shop
    invoice = await mailed(shop)
    due = datetime.fromisoformat((await shown(house, tenant, invoice))["dueDate"])
    midnight = (due + timedelta(days=1)).replace(tzinfo=ZoneInfo("America/New_York"))
    await move(house, "P9D")
    assert (await shown(house, tenant, invoice))["status"] == "sent"
    await move(house, "P30D")
    told = await kinds(house, tenant, invoice)
    nine = midnight.replace(hour=9)
    wanted = [midnight, nine + timedelta(days=2), nine + timedelta(days=6)]
    assert [kind for kind, _ in told[2:]] == ["invoice.overdue", "invoice.reminded", "invoice.reminded"]
    assert [at for _, at in told[2:]] == [each.astimezone(UTC) for each in wanted]
    now = await shown(house, tenant, invoice)
    assert (now["status"], now["reminders"], now["amountDue"]) == ("overdue", 2, 12_000)
    assert len(letters(house, tenant)) == 2
    assert (await invoice_moved(house, tenant, invoice, "paid"))["status"] == "paid"


@pytest.mark.parametrize("ending", ["paid", "cancelled", "credited"])
async def test_what_is_settled_is_neither_overdue_nor_reminded_of(shop: Shop, ending: str) -> None:
    house, tenant = shop
    before, after = await mailed(shop), await mailed(shop)
    await settle(shop, before, ending)
    await move(house, "P13D")
    await settle(shop, after, ending)
    await move(house, "P30D")
    for invoice, reminders in ((before, 0), (after, len(letters(house, tenant)))):
        now = await shown(house, tenant, invoice)
        assert (now["status"] in {"paid", "cancelled"}, now["reminders"]) == (True, reminders)
    assert len(letters(house, tenant)) <= 1


async def settle(shop: Shop, invoice: str, ending: str) -> None:
    house, tenant = shop
    if ending == "credited":
        await credited(house, tenant, invoice)
    else:
        await invoice_moved(house, tenant, invoice, ending)


async def test_terms_that_change_meanwhile_count_as_they_are(shop: Shop) -> None:
    house, tenant = shop
    invoice = await mailed(shop)
    await move(house, "P11D")
    await asked(house, tenant, "PATCH", "/tenants/me", json={"invoicing": {"reminderDays": [20]}})
    await move(house, "P10D")
    assert letters(house, tenant) == []
    await move(house, "P10D")
    assert (len(letters(house, tenant)), (await shown(house, tenant, invoice))["reminders"]) == (1, 1)


async def test_who_moves_to_the_west_has_a_longer_day(shop: Shop) -> None:
    house, tenant = shop
    invoice = await mailed(shop)
    await asked(house, tenant, "PATCH", "/tenants/me", json={"timezone": "Pacific/Honolulu"})
    now = (await house.container.get(BusinessClock)).now()
    due = datetime.fromisoformat((await shown(house, tenant, invoice))["dueDate"])
    midnight = (due + timedelta(days=1)).replace(tzinfo=ZoneInfo("America/New_York"))
    await move(house, f"PT{int((midnight - now).total_seconds() // 60) + 30}M")
    assert (await shown(house, tenant, invoice))["status"] == "sent"
    await move(house, "PT6H")
    assert (await shown(house, tenant, invoice))["status"] == "overdue"


async def test_an_erased_customer_is_not_reminded(shop: Shop) -> None:
    house, tenant = shop
    invoice = await mailed(shop)
    customer = (await shown(house, tenant, invoice))["customerId"]
    assert (await asked(house, tenant, "POST", f"/customers/{customer}/erase")).status_code == 204
    await move(house, "P30D")
    assert (letters(house, tenant), (await shown(house, tenant, invoice))["status"]) == ([], "overdue")
    async with inspector(house) as admin:
        assert await admin.fetchval("select count(*) from work.envelopes where parked_at is not null") == 0


async def test_a_deposit_is_dunned_by_itself_and_then_the_rest(shop: Shop) -> None:
    house, tenant = shop
    customer = await a_customer(house, tenant, emails=[f"grace@{tenant.slug}.example.com"])
    late, in_time = [
        (await issued(house, tenant, customerId=customer, deposit={"amount": 3_000}))["id"] for _ in range(2)
    ]
    await pay(shop, in_time, 3_000)
    await move(house, "P4D")
    now = await shown(house, tenant, late)
    assert (now["status"], now["amountOverdue"], now["amountDue"], now["reminders"]) == ("overdue", 3_000, 12_000, 1)
    assert ["the deposit for invoice" in text and "$30.00 of it" in text for text in letters(house, tenant)] == [True]
    statement = (await asked(house, tenant, "GET", f"/customers/{customer}/statement")).json()
    assert (statement["overdue"], {each["amountOverdue"] for each in statement["openInvoices"]}) == (3_000, {0, 3_000})
    await pay(shop, late, 3_000)
    now = await shown(house, tenant, late)
    assert (now["status"], now["amountOverdue"], now["amountAsked"]) == ("partially_paid", 0, 9_000)
    await move(house, "P30D")
    for invoice in (late, in_time):
        now = await shown(house, tenant, invoice)
        assert (now["status"], now["amountOverdue"], now["reminders"]) == ("overdue", 9_000, 2)
    assert len(letters(house, tenant)) == 5
    told = [kind for kind, _ in await kinds(house, tenant, late)][2:]
    assert told == [
        "invoice.overdue", "invoice.reminded", "invoice.deposit_paid", "invoice.partially_paid",
        "invoice.overdue", "invoice.reminded", "invoice.reminded",
    ]  # fmt: skip


async def test_what_is_never_paid_is_dunned_for_its_deposit_and_then_for_all_of_it(shop: Shop) -> None:
    house, tenant = shop
    customer = await a_customer(house, tenant, emails=[f"grace@{tenant.slug}.example.com"])
    invoice = (await issued(house, tenant, customerId=customer, deposit={"amount": 3_000}))["id"]
    await move(house, "P40D")
    now = await shown(house, tenant, invoice)
    assert (now["status"], now["amountOverdue"], now["reminders"]) == ("overdue", 12_000, 2)
    asked_for = ["the deposit" if "$30.00 of it" in text else "all" for text in reversed(letters(house, tenant))]
    assert asked_for == ["the deposit", "the deposit", "all", "all"]


async def pay(shop: Shop, invoice: str, amount: int) -> None:
    house, tenant = shop
    body = {"amount": amount, "method": "cash"}
    assert (await asked(house, tenant, "POST", f"/invoices/{invoice}/payments", json=body)).status_code == 201
