"""Payments as tests need them: the whole application beside the stand-in for Stripe, which calls it by webhook."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from domains.payments import Reconciling
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from frontdesk.callers import Caller
from infra.postgres.clock import BusinessClock
from infra.postgres.recording import Origin
from tests.support.databases import TestDatabase
from tests.support.house import BASE_URL, PATIENT, House, cut_short, house_over
from tests.support.invoices import asked, issued, shown
from tests.support.people import Tenant
from tests.support.stripe_stand_in import StripeHouse, keys_of, stripe_house

Json = dict[str, Any]


class TillHouse:
    """`stripe` delivers to `desk`, both in this process."""

    def __init__(self, desk: House, stripe: StripeHouse) -> None:
        self.desk = desk
        self.stripe = stripe

    async def settle(self) -> None:
        """Deliver and do all that waits, until nothing does."""
        await self.stripe.deliver()
        await self.desk.follow_up()

    async def asked(self, tenant: Tenant, method: str, path: str, **kwargs: Any) -> httpx.Response:
        return await asked(self.desk, tenant, method, path, **kwargs)

    async def an_invoice(self, tenant: Tenant, **fields: Any) -> Json:
        """One of 120.00, sent."""
        return await issued(self.desk, tenant, **fields)

    async def invoice(self, tenant: Tenant, invoice: str) -> Json:
        return await shown(self.desk, tenant, invoice)

    async def an_intent(self, tenant: Tenant, invoice: str, **fields: Any) -> Json:
        body = {"invoiceId": invoice, **fields}
        answer = await self.asked(tenant, "POST", "/payments/create-intent", json=body)
        assert answer.status_code in {200, 201}, answer.text
        return dict(answer.json())

    async def paid(self, tenant: Tenant, **fields: Any) -> Json:
        """A payment by card that has come."""
        invoice = await self.an_invoice(tenant, **fields)
        intent = await self.an_intent(tenant, invoice["id"])
        await self.stripe.pay(intent["intentId"])
        await self.settle()
        return await self.payment(tenant, intent["paymentId"])

    async def payment(self, tenant: Tenant, payment: str) -> Json:
        answer = await self.asked(tenant, "GET", f"/payments/{payment}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def balances(self, tenant: Tenant) -> dict[str, int]:
        """What each account comes to, in all."""
        answer = await self.asked(tenant, "GET", "/payments/ledger/balances")
        return {each["account"]: each["balance"] for each in answer.json()["items"] if each["balance"]}

    async def reconcile(self, tenant: Tenant) -> Json:
        """What the nightly reconciliation finds, run at once."""
        clock = await self.desk.work.get(BusinessClock)
        caller = Caller(tenant=tenant.id, origin=Origin("test"))
        async with self.desk.work({Caller: caller, Clock: clock, Actor: None}) as scope:
            await (await scope.get(Reconciling)).run(tenant.id)
        return dict((await self.asked(tenant, "GET", "/payments/reconciliation")).json())

    async def own_account(self, tenant: Tenant, name: str) -> Any:
        """Have the tenant connect an account of its own: the SDK's client of it."""
        key = f"sk_test_{name}"
        body = {"publishableKey": f"pk_test_{name}", "secretKey": key, "webhookSecret": f"whsec_{name}"}
        shown = (await self.asked(tenant, "PUT", "/tenants/me/integrations/stripe", json=body)).json()
        self.stripe.stand_in.open_account(
            secret_key=key, publishable_key=body["publishableKey"], url=shown["webhookUrl"],
            webhook_secret=body["webhookSecret"],
        )  # fmt: skip
        return self.stripe.client_with(key)


@asynccontextmanager
async def till_house(database: TestDatabase, folder: Path, **options: Any) -> AsyncIterator[TillHouse]:
    told_at = f"{BASE_URL}/api/v1/webhooks/stripe"
    async with (
        stripe_house(url=told_at, webhooks=httpx.AsyncClient()) as stripe,
        house_over(database, folder, stripe=keys_of(stripe.address), pool_patience=PATIENT, **options) as desk,
    ):
        transport = httpx.ASGITransport(cut_short(desk.app), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport) as webhooks:
            stripe.stand_in.delivering.send_by(webhooks)
            yield TillHouse(desk, stripe)
