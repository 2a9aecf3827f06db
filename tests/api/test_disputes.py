"""Disputes that are opened again, decided otherwise, or follow each other: what they take, cost and give back."""

import itertools
import json
from collections.abc import Sequence

import pytest

from tests.faults.payment_books import differences
from tests.support.payments import Json, TillHouse
from tests.support.people import Tenant, new_tenant
from tests.support.stories import events_of

TOTAL = 12_000
BOOKED = {"revenue": -10_000, "tax": -2_000}
LOST = {"receivable": TOTAL, **BOOKED}
WON = {"stripe": TOTAL, **BOOKED}
HELD = {"disputed": TOTAL, **BOOKED}


async def contested(till: TillHouse, payment: Json, amount: int = TOTAL) -> str:
    return str((await till.stripe.control("dispute", intent=payment["intentId"], amount=amount))["id"])


async def turned(till: TillHouse, dispute: str, turn: str) -> None:
    """Have it `won`, `lost`, or opened `again`."""
    if turn == "again":
        await till.stripe.control("reopen-dispute", dispute=dispute)
    else:
        await till.stripe.control("close-dispute", dispute=dispute, won=turn == "won")


async def unlike(till: TillHouse, payment: Json) -> list[str]:
    """What the provider's book and ours do not say alike of it."""
    found = await differences(till.desk.database.admin, till.stripe.stand_in.book)
    return [each for each in found if each.startswith(payment["intentId"])]


@pytest.mark.parametrize(("turns", "books"), [
    (["won", "again"], HELD),
    (["won", "again", "lost"], LOST),
    (["won", "again", "won"], WON),
    (["won", "again", "won", "again", "lost"], LOST),
    (["lost", "won"], WON),
    (["lost", "won", "again", "lost", "won"], WON),
], ids=" ".join)  # fmt: skip
async def test_what_is_told_last_counts(till: TillHouse, shop: Tenant, turns: list[str], books: dict[str, int]) -> None:
    payment = await till.paid(shop)
    dispute = await contested(till, payment)
    for turn in turns:
        await till.settle()
        await turned(till, dispute, turn)
    await till.settle()
    assert await till.balances(shop) == books
    now, lost = await till.payment(shop, payment["id"]), TOTAL if books is LOST else 0
    assert (now["lostAmount"], now["overdrawnAmount"]) == (lost, 0)
    assert now["status"] == ("succeeded" if books is WON else "disputed")
    assert (await till.invoice(shop, payment["invoiceId"]))["amountDue"] == lost
    assert await unlike(till, payment) == []
    told = [event["type"] for event in await events_of(till.desk, shop)]
    assert told.count("payment.disputed") == 1 + turns.count("again")
    assert told.count("payment.dispute_closed") == len(turns) - turns.count("again")


@pytest.mark.parametrize(
    ("turns", "books"), [(["won", "again", "lost"], LOST), (["lost", "won"], WON)], ids=["lost", "won"]
)
async def test_told_in_any_order_it_comes_to_the_same(till: TillHouse, turns: list[str], books: dict[str, int]) -> None:
    for order in itertools.islice(itertools.permutations(range(4)), 0, 24, 11):
        shop = await new_tenant(till.desk)
        payment = await till.paid(shop)
        dispute = await contested(till, payment)
        for turn in turns:
            await turned(till, dispute, turn)
        await shuffled(till, order)
        assert await till.balances(shop) == books, order
        assert (await till.invoice(shop, payment["invoiceId"]))["amountDue"] == books.get("receivable", 0)


async def shuffled(till: TillHouse, order: Sequence[int]) -> None:
    """Deliver what waits one by one, the last ones first, in that order."""
    book = till.stripe.stand_in.book
    waiting = [row["event"] for row in book.ask("select event from deliveries where state = 'waiting' order by seq")]
    book.ask("update deliveries set state = 'lost' where state = 'waiting'")
    last = [waiting[-1 - place] for place in order]
    for event in [*last, *waiting, *last]:
        await till.stripe.control("send-again", event=event)
        await till.settle()


async def test_what_was_lost_is_back_where_the_invoice_was_paid_otherwise(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    dispute = await contested(till, payment)
    await turned(till, dispute, "lost")
    await till.settle()
    cash = {"amount": 5_000, "method": "cash"}
    assert (await till.asked(shop, "POST", f"/invoices/{payment['invoiceId']}/payments", json=cash)).status_code == 201
    await turned(till, dispute, "won")
    await till.settle()
    assert await till.balances(shop) == {"stripe": TOTAL, "cash": 5_000, "unapplied": -5_000, **BOOKED}
    assert (await till.invoice(shop, payment["invoiceId"]))["status"] == "paid"


async def test_a_second_dispute_of_a_charge_is_a_loss_with_a_fee_of_its_own(till: TillHouse, shop: Tenant) -> None:
    account = await till.own_account(shop, "contested1")
    payment = await till.paid(shop)
    first, second = [await contested(till, payment, 7_000) for _ in range(2)]
    for dispute, turn in ((first, "lost"), (second, "won"), (second, "again"), (second, "lost")):
        await till.settle()
        await turned(till, dispute, turn)
    await till.settle()
    now = await till.payment(shop, payment["id"])
    assert (now["lostAmount"], now["overdrawnAmount"], now["appliedAmount"]) == (14_000, 2_000, 0)
    assert await unlike(till, payment) == []
    for _ in range(2):
        await till.reconcile(shop)
    ours = await till.balances(shop)
    theirs = (await account.balance.retrieve_async()).available[0].amount
    assert (ours["losses"], ours["fees"], ours["stripe"]) == (2_000, 378 + 3 * 1_500, theirs)
    assert theirs == TOTAL - 14_000 - 378 - 3 * 1_500


async def test_money_that_is_back_is_won_whatever_the_status_says(till: TillHouse, shop: Tenant) -> None:
    payment = await till.paid(shop)
    dispute = await contested(till, payment)
    await turned(till, dispute, "won")
    book = till.stripe.stand_in.book
    for row in book.ask("select id, body from objects where kind = 'event'"):
        event = json.loads(row["body"])
        if event["type"] == "charge.dispute.funds_reinstated" and event["data"]["object"]["id"] == dispute:
            event["data"]["object"]["status"] = "under_review"
            book.save(event)
        if event["type"] == "charge.dispute.closed" and event["data"]["object"]["id"] == dispute:
            book.ask("delete from deliveries where event = ?", row["id"])
    await till.settle()
    assert await till.balances(shop) == WON
