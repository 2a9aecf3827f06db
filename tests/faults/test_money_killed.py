"""Workers are killed (SIGKILL) wherever they wait, in what moves money. Attacks C5 80, C7 109 and 116.

Each is killed at a point farther on, over what those before it left undone. `CRASH_POINTS_STEP=1` kills those
of payments at every point.
"""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from frontdesk.ingredients import Ingredients
from infra.postgres.clock import BusinessClock
from tests.faults.doomed import Doomed, doomed
from tests.support.databases import TestDatabase, rows
from tests.support.house import House, house_over
from tests.support.invoices import asked
from tests.support.payments import TillHouse, till_house
from tests.support.people import Tenant, new_tenant
from tests.support.quotes import ITEM, a_customer
from tests.support.stories import events_of

STEP = int(os.environ.get("CRASH_POINTS_STEP", "41"))
NO_MAIL = "smtp://127.0.0.1:1"
AGAIN = "update work.envelopes set retry_at = '-infinity' where tenant_id = $1"
NOW = """
    update work.envelopes set retry_at = '-infinity', due_at = least(due_at, now())
    where tenant_id = $1 and kind in ('payments.settle_intent', 'payments.settle_refund', 'inbox.apply')
"""
INVOICES = 3
DEATHS = 7


async def _begun(till: TillHouse, shop: Tenant) -> list[str]:
    """Invoices whose intents were asked for, of which nobody knows whether they were made."""
    made = []
    for _ in range(INVOICES):
        invoice = (await till.an_invoice(shop))["id"]
        await till.stripe.control("faults", kind="error", path="/v1/payment_intents")
        answer = await till.asked(shop, "POST", "/payments/create-intent", json={"invoiceId": invoice})
        assert answer.status_code == 502, answer.text
        made.append(invoice)
    return made


async def _refunded(till: TillHouse, shop: Tenant) -> str:
    """A payment of which three parts are to go back, of which nobody knows whether they did."""
    payment = await till.paid(shop)
    for amount in (100, 200, 300):
        await till.stripe.control("faults", kind="error", path="/v1/refunds")
        answer = await till.asked(shop, "POST", f"/payments/{payment['id']}/refund", json={"amount": amount})
        assert answer.json()["status"] == "pending", answer.text
    return str(payment["id"])


async def _die(worker: Doomed, database: TestDatabase, tenant: UUID, *, at: int, again: str) -> bool:
    await rows(database.admin, again, tenant)
    return await worker.dies("work", tenant, tenant, at=at)


async def test_intents_refunds_and_events_come_to_the_same(own_database: TestDatabase, tmp_path: Path) -> None:
    async with till_house(own_database, tmp_path) as till:
        shop = await new_tenant(till.desk)
        payment = await _refunded(till, shop)
        invoices = await _begun(till, shop)
        async with doomed(own_database, NO_MAIL, till.stripe.address) as worker:
            point, deaths = 1, 0
            while await _die(worker, own_database, shop.id, at=point, again=NOW):
                point, deaths = point + STEP, deaths + 1
            assert deaths > 2
            await rows(own_database.admin, NOW, shop.id)
            await till.desk.follow_up()
            intents = (await till.stripe.client.payment_intents.list_async({"limit": 100})).data
            asked_for = [each for each in intents if each.metadata["invoiceId"] in invoices]
            assert sorted(each.metadata["invoiceId"] for each in asked_for) == sorted(invoices)
            for intent in asked_for:
                await till.stripe.pay(intent.id)
            await till.stripe.deliver()
            point = 2
            while await _die(worker, own_database, shop.id, at=point, again=NOW):
                point += STEP
        await rows(own_database.admin, NOW, shop.id)
        await till.settle()
        assert [(await till.invoice(shop, each))["status"] for each in invoices] == ["paid"] * INVOICES
        assert (await till.payment(shop, payment))["refundedAmount"] == 600
        lines = (await till.stripe.client.balance_transactions.list_async({"limit": 100})).data
        assert (await till.balances(shop))["stripe"] == sum(line.amount for line in lines) == 4 * 12_000 - 600


async def _recurring(house: House, tenant: Tenant) -> dict[str, Any]:
    """Charged each week, from the day after tomorrow; overdue after five days, reminded of three days later."""
    terms = {"invoicing": {"paymentDays": 5, "reminderDays": [3]}}
    assert (await asked(house, tenant, "PATCH", "/tenants/me", json=terms)).status_code == 200
    begins = (await house.container.get(BusinessClock)).now().date() + timedelta(days=2)
    customer = await a_customer(house, tenant, emails=[f"grace@{tenant.slug}.example.com"])
    body = {"customerId": customer, "items": [ITEM], "every": "week", "startsOn": str(begins), "sends": True}
    return dict((await asked(house, tenant, "POST", "/recurring-invoices", json=body)).json())


async def test_each_period_is_charged_and_reminded_of_once(own_database: TestDatabase, tmp_path: Path) -> None:
    async with house_over(own_database, tmp_path) as house:
        tenant = await new_tenant(house)
        plan = await _recurring(house, tenant)
        clock = await house.container.get(BusinessClock)
        mail = (await house.container.get(Ingredients)).smtp_url
        async with doomed(own_database, mail) as worker:
            killed = 0
            for number in range(DEATHS):
                await rows(own_database.admin, "update work.clock set ahead = ahead + interval '6 days'")
                killed += await _die(worker, own_database, tenant.id, at=1 + number * STEP, again=AGAIN)
            assert killed > DEATHS // 2
        await rows(own_database.admin, AGAIN, tenant.id)
        for each in (clock, await house.work.get(BusinessClock)):
            await each.read()
        await house.follow_up()
        page = await asked(house, tenant, "GET", "/invoices?sort=createdAt&limit=100")
        invoices = [each for each in page.json()["items"] if each["recurringId"] == plan["id"]]
        first, today = date.fromisoformat(plan["startsOn"]), clock.now()
        dates = [day for week in range(20) if (day := first + timedelta(weeks=week)) <= today.date()]
        told = await events_of(house, tenant)
    assert [date.fromisoformat(each["dueDate"]) - timedelta(days=5) for each in invoices] == dates
    assert [each["number"][-5:] for each in invoices] == [f"{number:05}" for number in range(1, len(dates) + 1)]
    for invoice in invoices:
        happened = [event["type"] for event in told if str(event["subject_id"]) == invoice["id"]]
        late = datetime.fromisoformat(invoice["dueDate"]).replace(tzinfo=UTC) + timedelta(days=5) < today
        wanted = ["invoice.created", "invoice.issued", *(["invoice.overdue", "invoice.reminded"] if late else [])]
        assert happened[: len(wanted)] == wanted or not late, happened
        assert len(set(happened)) == len(happened), happened
