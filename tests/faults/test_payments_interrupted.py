"""The way of a payment ends at each point at which it waits: asked again, it was asked for once. Attack C7 109."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from typing import Any
from uuid import UUID

import pytest

from domains.payments import Collecting, CreateIntent, Refunding, RefundPayment, Resettling
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.permissions import Role
from frontdesk.callers import Caller
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin
from tests.support.databases import TestDatabase
from tests.support.payments import TillHouse, till_house
from tests.support.people import Tenant, new_tenant

STEP = int(os.environ.get("CRASH_POINTS_STEP", "9"))
"""Every ninth point; `CRASH_POINTS_STEP=1` takes all."""


class Ended(BaseException):
    """The process is gone, as far as this piece of work can tell."""


class Ending:
    """Awaits `doing`, and has it end at its n-th point: before it waits, or before it goes on."""

    def __init__(self, doing: Coroutine[Any, Any, object], *, at: int) -> None:
        self._doing = doing
        self._left = at

    def __await__(self) -> Generator[Any, Any, object]:
        steps = self._doing.__await__()
        failure: BaseException | None = None
        while True:
            try:
                waited_for = steps.send(None) if failure is None else steps.throw(failure)
            except StopIteration as end:
                return end.value
            failure = None
            try:
                yield waited_for
            except BaseException as raised:  # noqa: BLE001 - handed on to what waits
                failure = raised
            self._left -= 1
            if self._left == 0:
                failure = Ended()


@pytest.fixture
async def till(own_database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TillHouse]:
    async with till_house(own_database, tmp_path_factory.mktemp("till")) as running:
        yield running


async def _ends(till: TillHouse, shop: Tenant, doing: Callable[[Any], Awaitable[Any]], *, at: int) -> bool:
    """Whether it ended at that point; False where it has fewer."""
    caller = Caller(tenant=shop.id, origin=Origin("test"))
    clock = await till.desk.work.get(BusinessClock)
    owner = shop.owner
    actor = Actor(tenant=shop.id, user=owner.user, account=owner.account, session=owner.session, role=Role.OWNER)
    async with till.desk.work({Caller: caller, Clock: clock, Actor: actor}) as scope:
        try:
            await Ending(await doing(scope), at=at)
        except Ended:
            return True
    return False


async def _insisted(till: TillHouse, shop: Tenant, invoice: str) -> dict[str, Any]:
    """The intent, asked for again where the line that died with the work is the next one's."""
    body = {"invoiceId": invoice}
    answer = await till.asked(shop, "POST", "/payments/create-intent", json=body)
    if answer.status_code == 502:
        answer = await till.asked(shop, "POST", "/payments/create-intent", json=body)
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json())


async def test_a_payment_is_asked_for_once(till: TillHouse) -> None:
    shop, point, goes_on = await new_tenant(till.desk), 1, True
    while goes_on:
        invoice = await till.an_invoice(shop)
        order = CreateIntent(invoice_id=UUID(invoice["id"]))

        async def asking(scope: Any, order: CreateIntent = order) -> Any:
            return (await scope.get(Collecting)).create_intent(order)

        goes_on = await _ends(till, shop, asking, at=point)
        intent = await _insisted(till, shop, invoice["id"])
        made = await till.stripe.client.payment_intents.list_async({"limit": 100})
        assert [each.id for each in made.data if each.metadata["invoiceId"] == invoice["id"]] == [intent["intentId"]]
        await till.stripe.pay(intent["intentId"])
        await till.settle()
        assert (await till.invoice(shop, invoice["id"]))["status"] == "paid", point
        point += STEP
    assert point > 3 * STEP


async def test_a_refund_is_made_once(till: TillHouse) -> None:
    shop, point, goes_on, given_back = await new_tenant(till.desk), 1, True, 0
    payment = await till.paid(shop, items=[{"description": "Boiler", "unitPrice": 1_000_000, "taxes": []}])
    order = RefundPayment(amount=100)

    async def refunding(scope: Any) -> Any:
        return (await scope.get(Refunding)).refund(UUID(payment["id"]), order)

    while goes_on:
        goes_on = await _ends(till, shop, refunding, at=point)
        path = f"/payments/{payment['id']}/refunds"
        for refund in (await till.asked(shop, "GET", path)).json()["items"]:

            async def settling(scope: Any, refund: str = refund["id"]) -> Any:
                return (await scope.get(Resettling)).refund(UUID(refund))

            await _ends(till, shop, settling, at=10_000)
        await till.settle()
        found = await till.payment(shop, payment["id"])
        book = await till.stripe.client.refunds.list_async({"payment_intent": payment["intentId"], "limit": 100})
        assert len({each.metadata["refundId"] for each in book.data}) == len(book.data), point
        given_back = sum(each.amount for each in book.data)
        assert found["refundedAmount"] == given_back, point
        assert (await till.balances(shop))["stripe"] == 1_000_000 - given_back
        point += STEP
    assert given_back >= 100
