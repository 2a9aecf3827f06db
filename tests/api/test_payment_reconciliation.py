"""The nightly reconciliation finds what webhooks lost, and applies it by the same way."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from infra.postgres.clock import BusinessClock
from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.people import new_tenant
from tests.support.stories import inspector
from tests.support.visitors import move_clock


@pytest.fixture
async def own_till(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[TillHouse]:
    """One whose clock is its own."""
    async with till_house(own_database, tmp_path) as running:
        yield running


async def test_what_was_lost_is_found_and_applied_in_one_run(till: TillHouse) -> None:
    shop, other = await new_tenant(till.desk), await new_tenant(till.desk)
    paid = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
    strange = await till.an_intent(other, (await till.an_invoice(other))["id"])
    await till.stripe.pay(paid["intentId"])
    await till.stripe.pay(strange["intentId"])
    await till.stripe.client.refunds.create_async({"payment_intent": paid["intentId"], "amount": 2_000})
    till.stripe.stand_in.book.ask("delete from deliveries")
    report = await till.reconcile(shop)
    assert report["replayed"] == 2
    assert [(each["difference"], each["intentId"]) for each in report["findings"]] == [("status", paid["intentId"])]
    await till.desk.follow_up()
    found = await till.payment(shop, paid["paymentId"])
    assert (found["status"], found["refundedAmount"]) == ("partially_refunded", 2_000)
    assert (await till.payment(other, strange["paymentId"]))["status"] == "pending"
    again = await till.reconcile(shop)
    assert (again["replayed"], again["findings"]) == (0, [])
    assert (await till.balances(shop)) == {
        "fees": 378, "receivable": 2_000, "revenue": -10_000, "stripe": 9_622, "tax": -2_000,
    }  # fmt: skip


async def test_what_the_provider_does_not_know_is_listed(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    intent = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
    await till.stripe.pay(intent["intentId"])
    await till.settle()
    till.stripe.stand_in.book.ask("delete from objects where id = ?", intent["intentId"])
    report = await till.reconcile(shop)
    assert [each["difference"] for each in report["findings"]] == ["unknown_there"]


async def test_what_is_made_about_the_first_moment_of_what_is_compared_is_no_difference(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    intents = [(await till.an_intent(shop, (await till.an_invoice(shop))["id"])) for _ in range(2)]
    begin = (await till.desk.work.get(BusinessClock)).now() - timedelta(days=30)
    for intent, ours, theirs in zip(intents, (-20, 20), (20, -20), strict=True):
        made = int((begin + timedelta(seconds=theirs)).timestamp())
        change = "update objects set created = ?1, body = json_set(body, '$.created', ?1) where id = ?2"
        till.stripe.stand_in.book.ask(change, made, intent["intentId"])
        async with inspector(till.desk) as admin:
            earlier = "update payments set created_at = $1 where intent_id = $2"
            await admin.execute(earlier, begin + timedelta(seconds=ours), intent["intentId"])
    await till.reconcile(shop)
    assert (await till.asked(shop, "GET", "/payments/reconciliation")).json()["findings"] == []


async def test_what_is_lost_after_the_clock_was_moved_is_found(own_till: TillHouse) -> None:
    shop = await new_tenant(own_till.desk)
    await move_clock(own_till.desk, "PT2H")
    await own_till.reconcile(shop)
    intent = await own_till.an_intent(shop, (await own_till.an_invoice(shop))["id"])
    await own_till.stripe.pay(intent["intentId"])
    own_till.stripe.stand_in.book.ask("delete from deliveries")
    await own_till.reconcile(shop)
    assert (await own_till.asked(shop, "GET", "/payments/reconciliation")).json()["replayed"] == 1
    await own_till.desk.follow_up()
    payment = await own_till.payment(shop, intent["paymentId"])
    assert (payment["status"], payment["createdAt"] <= payment["succeededAt"]) == ("succeeded", True)


async def test_what_the_provider_keeps_is_booked_once_and_leaves_its_own_balance(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    account = await till.own_account(shop, "ofitsown6")
    for card, won in (("4242424242424242", False), ("4000000000000259", False), ("4000000000000259", True)):
        intent = await till.an_intent(shop, (await till.an_invoice(shop))["id"])
        await till.stripe.pay(intent["intentId"], card)
        await till.settle()
        for dispute in (await account.disputes.list_async({"payment_intent": intent["intentId"]})).data:
            await till.stripe.control("close-dispute", dispute=dispute.id, won=won)
    await till.settle()
    before = ours = await till.balances(shop)
    for _ in range(2):
        await till.reconcile(shop)
        theirs = await account.balance.retrieve_async()
        ours = await till.balances(shop)
        assert (ours["stripe"], ours["fees"]) == (theirs.available[0].amount, 3 * 378 + 2 * 1_500)
    assert ours == {**before, "fees": 4_134, "stripe": before["stripe"] - 4_134}
    entries = (await till.asked(shop, "GET", "/payments/ledger?kind=fee_charged&account=fees")).json()["items"]
    assert len(entries) == 5
    assert all(entry["paymentId"] for entry in entries)


async def test_what_the_provider_pays_out_is_in_the_bank_until_it_comes_back(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    account = await till.own_account(shop, "paidout1")
    await till.paid(shop)
    payouts = [await account.payouts.create_async({"amount": amount, "currency": "usd"}) for amount in (7_000, 2_500)]
    for _ in range(2):
        await till.reconcile(shop)
    assert await till.balances(shop) == {
        "bank": 9_500, "fees": 378, "revenue": -10_000, "stripe": 2_122, "tax": -2_000,
    }  # fmt: skip
    await till.stripe.control("fail-payout", payout=payouts[1].id)
    told = await till.reconcile(shop)
    assert told["balances"] == [{"currency": "USD", "here": 4_622, "there": 4_622}]
    ours, theirs = await till.balances(shop), await account.balance.retrieve_async()
    assert (ours["bank"], ours["stripe"]) == (7_000, theirs.available[0].amount) == (7_000, 4_622)
    entries = (await till.asked(shop, "GET", "/payments/ledger?account=bank&sort=occurredAt")).json()["items"]
    assert sorted(entry["kind"] for entry in entries) == ["payout_made", "payout_made", "payout_returned"]
    assert {entry["invoiceId"] for entry in entries} == {None}


async def test_what_is_settled_in_another_currency_is_exchanged_in_the_books(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    account, dollars = (
        await till.own_account(shop, "exchanged1"),
        {"secretKey": "sk_test_exchanged1", "currency": "usd"},
    )
    await till.stripe.control("settle", **dollars, rate="1.1")
    paid = await till.paid(shop, currency="EUR")
    disputed = await till.an_intent(shop, (await till.an_invoice(shop, currency="EUR"))["id"])
    await till.stripe.pay(disputed["intentId"], "4000000000000259")
    await till.stripe.control("settle", **dollars, rate="1.2")
    await till.asked(shop, "POST", f"/payments/{paid['id']}/refund", json={"amount": 2_000})
    [dispute] = (await account.disputes.list_async({"payment_intent": disputed["intentId"]})).data
    await till.stripe.control("close-dispute", dispute=dispute.id, won=True)
    await account.payouts.create_async({"amount": 5_000, "currency": "usd"})
    await till.settle()
    for _ in range(2):
        told = await till.reconcile(shop)
        theirs = await account.balance.retrieve_async()
        assert [(each.currency, each.amount) for each in theirs.available] == [("usd", 17_718)]
        assert (told["balances"], told["findings"]) == ([{"currency": "USD", "here": 17_718, "there": 17_718}], [])
        listed = (await till.asked(shop, "GET", "/payments/ledger/balances")).json()["items"]
        ours = {(each["account"], each["currency"]): each["balance"] for each in listed if each["balance"]}
        assert ours == {
            ("bank", "USD"): 5_000, ("fees", "USD"): 2_482, ("stripe", "USD"): 17_718,
            ("exchange", "EUR"): 22_000, ("exchange", "USD"): -25_200,
            ("receivable", "EUR"): 2_000, ("revenue", "EUR"): -20_000, ("tax", "EUR"): -4_000,
        }  # fmt: skip


async def test_what_the_platform_is_paid_out_is_no_business_s(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    await till.paid(shop)
    await till.stripe.client.payouts.create_async({"amount": 1_000, "currency": "usd"})
    assert (await till.reconcile(shop))["balances"] == []
    assert await till.balances(shop) == {"fees": 378, "revenue": -10_000, "stripe": 11_622, "tax": -2_000}
    await till.own_account(shop, "ownsince1")
    await till.paid(shop)
    await till.stripe.client.payouts.create_async({"amount": 2_000, "currency": "usd"})
    await till.reconcile(shop)
    assert "bank" not in await till.balances(shop)


async def test_what_an_account_paid_out_before_it_was_ours_to_fill_is_in_no_book(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    account = await till.own_account(shop, "earlier01")
    earlier = await account.payment_intents.create_async({"amount": 9_000, "currency": "usd"})
    await till.stripe.pay(earlier.id)
    payout = await account.payouts.create_async({"amount": 1_000, "currency": "usd"})
    await till.reconcile(shop)
    assert await till.balances(shop) == {}
    book = till.stripe.stand_in.book
    line = json.loads(book.ask("select body from objects where id = ?", payout.balance_transaction)[0]["body"])
    book.save({**line, "created": line["created"] - 60})
    await till.paid(shop)
    await account.payouts.create_async({"amount": 500, "currency": "usd"})
    await till.reconcile(shop)
    assert (await till.balances(shop))["bank"] == 500


async def test_what_moves_at_the_provider_otherwise_is_what_the_balances_differ_by(till: TillHouse) -> None:
    shop = await new_tenant(till.desk)
    account = await till.own_account(shop, "otherwise1")
    await till.paid(shop)
    strange = await account.payment_intents.create_async(
        {"amount": 5_000, "currency": "eur", "automatic_payment_methods": {"enabled": True}}
    )
    await till.stripe.pay(strange.id)
    told = await till.reconcile(shop)
    assert told["balances"] == [
        {"currency": "EUR", "here": 0, "there": 4_825},
        {"currency": "USD", "here": 11_622, "there": 11_622},
    ]
    assert told["findings"] == []
