"""The nightly reconciliation finds what webhooks lost, and applies it by the same way."""

from collections.abc import AsyncIterator

import pytest

from domains.payments import Reconciling
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from frontdesk.callers import Caller
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin
from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.people import Tenant, new_tenant


@pytest.fixture(scope="module")
async def till(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TillHouse]:
    async with till_house(database, tmp_path_factory.mktemp("till")) as running:
        yield running


async def _reconcile(till: TillHouse, shop: Tenant) -> None:
    clock = await till.desk.work.get(BusinessClock)
    caller = Caller(tenant=shop.id, origin=Origin("test"))
    async with till.desk.work({Caller: caller, Clock: clock, Actor: None}) as scope:
        await (await scope.get(Reconciling)).run(shop.id)


async def test_what_was_lost_is_found_and_applied_in_one_run(till: TillHouse) -> None:
    shop, other = await new_tenant(till.desk), await new_tenant(till.desk)
    paid = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
    strange = await till.an_intent(other, (await till.an_invoice(other))["id"])
    await till.stripe.pay(paid["intentId"])
    await till.stripe.pay(strange["intentId"])
    await till.stripe.client.refunds.create_async({"payment_intent": paid["intentId"], "amount": 2_000})
    till.stripe.stand_in.book.ask("delete from deliveries")
    await _reconcile(till, shop)
    report = (await till.asked(shop, "GET", "/payments/reconciliation")).json()
    assert report["replayed"] == 2
    assert [(each["difference"], each["intentId"]) for each in report["findings"]] == [("status", paid["intentId"])]
    await till.desk.follow_up()
    found = await till.payment(shop, paid["paymentId"])
    assert (found["status"], found["refundedAmount"]) == ("partially_refunded", 2_000)
    assert (await till.payment(other, strange["paymentId"]))["status"] == "pending"
    await _reconcile(till, shop)
    again = (await till.asked(shop, "GET", "/payments/reconciliation")).json()
    assert (again["replayed"], again["findings"]) == (0, [])
    assert (await till.balances(shop))["stripe"] == 10_000


async def test_what_the_provider_does_not_know_is_listed(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    intent = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    till.stripe.stand_in.book.ask("delete from objects where id = ?", intent["intentId"])
    await _reconcile(till, shop)
    report = (await till.asked(shop, "GET", "/payments/reconciliation")).json()
    assert [each["difference"] for each in report["findings"]] == ["unknown_there"]
