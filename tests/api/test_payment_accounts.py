"""Businesses that disconnect their account at Stripe, or connect another one: what was begun with the old one."""

from collections.abc import Awaitable, Callable

import pytest

from tests.support.payments import Json, TillHouse
from tests.support.people import Tenant

Leave = Callable[[TillHouse, Tenant], Awaitable[None]]

STRIPE = "/tenants/me/integrations/stripe"


async def _disconnected(till: TillHouse, shop: Tenant) -> None:
    assert (await till.asked(shop, "DELETE", STRIPE)).status_code == 204


async def _connected_to_another(till: TillHouse, shop: Tenant) -> None:
    await till.own_account(shop, f"other{shop.id.hex}")


ELSEWHERE = pytest.mark.parametrize("leave", [_disconnected, _connected_to_another])


async def _refunds(till: TillHouse, shop: Tenant, payment: Json) -> list[Json]:
    return list((await till.asked(shop, "GET", f"/payments/{payment['id']}/refunds")).json()["items"])


@ELSEWHERE
async def test_an_intent_of_an_account_that_is_gone_is_in_nobodys_way(
    till: TillHouse, shop: Tenant, leave: Leave
) -> None:
    await till.own_account(shop, f"own{shop.id.hex}")
    invoice, cash = await till.an_invoice(shop), await till.an_invoice(shop)
    first, other = await till.an_intent(shop, invoice["id"]), await till.an_intent(shop, cash["id"])
    await leave(till, shop)
    second = await till.an_intent(shop, invoice["id"])
    assert second["paymentId"] != first["paymentId"]
    assert (await till.payment(shop, first["paymentId"]))["status"] == "cancelled"
    await till.stripe.pay(second["intentId"])
    received = {"amount": cash["total"], "method": "cash"}
    assert (await till.asked(shop, "POST", f"/invoices/{cash['id']}/payments", json=received)).status_code == 201
    await till.settle()
    assert (await till.invoice(shop, invoice["id"]))["status"] == "paid"
    assert (await till.payment(shop, other["paymentId"]))["status"] == "cancelled"


async def test_a_refund_by_an_account_that_is_gone_is_refused_and_sets_nothing_aside(
    till: TillHouse, shop: Tenant
) -> None:
    await till.own_account(shop, f"own{shop.id.hex}")
    payment = await till.paid(shop)
    await _disconnected(till, shop)
    path = f"/payments/{payment['id']}/refund"
    refused = await till.asked(shop, "POST", path, json={"amount": 1_000})
    assert (refused.status_code, refused.json()["code"]) == (403, "feature_disabled")
    assert (await till.payment(shop, payment["id"]), await _refunds(till, shop, payment)) == (payment, [])
    await till.own_account(shop, f"own{shop.id.hex}")
    done = await till.asked(shop, "POST", path, json={"amount": 1_000})
    assert (done.status_code, done.json()["status"]) == (201, "succeeded")
