"""Payments of which the provider tells in any order, and more than once, to workers that are killed meanwhile."""

import asyncio
import json
import logging
import random
import time
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import httpx
import msgspec
import structlog

from frontdesk.container import worker_container
from frontdesk.relaying import relay_over
from infra.postgres.database import Database
from infra.sandbox.stripe.delivering import signature
from infra.stripe.reading import KINDS
from tests.faults.killed_workers import Crew
from tests.faults.mortal import WAYS, Mortal
from tests.faults.payment_books import differences
from tests.support.databases import TestDatabase, rows
from tests.support.house import UNLIMITED, ingredients_of
from tests.support.payments import TillHouse
from tests.support.people import Tenant, new_tenant
from tests.support.stripe_stand_in import WEBHOOK_SECRET

TENANTS = 3
AT_ONCE = 8
PATIENCE = 120
DUPLICATES = 0.2
_GOOD, _DECLINED, _DISPUTED = "4242424242424242", "4000000000000002", "4000000000000259"
_LEFT = """
    select (select count(*) from inbox where state <> 'applied')
         + (select count(*) from work.envelopes where kind = 'inbox.apply')
"""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was seen. `differing`: what our book and the provider's do not say alike, payment by payment."""

    deliveries: int
    kills: int
    restarts: int
    refused: int
    payments: int
    differing: list[str]
    p99_ms: float
    seconds: float


def serve(database: TestDatabase, folder: Path) -> None:
    """Work until killed, in silence."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

    async def work() -> None:
        ingredients = ingredients_of(database, folder, mail_port=1, pool_size=4, limits=UNLIMITED)
        container, finding = worker_container(ingredients), Database(database.relay, size=2)
        await (await relay_over(container, finding)).run(asyncio.Event())

    asyncio.run(work())


class PaymentTrial:
    """Some payments, all that there is to tell of them, and a crew that is killed while it applies that.

    A mortal server is ended, in each way in turn, after every tenth kill.
    """

    def __init__(
        self, till: TillHouse, folder: Path, *, payments: int, kills: int, server: Mortal | None = None
    ) -> None:
        self._till = till
        self._folder = folder
        self._payments = payments
        self._kills = kills
        self._server = server
        self._restarts = 0
        self._waits: list[float] = []
        self._refused = 0

    async def run(self) -> Verdict:
        shops = [await new_tenant(self._till.desk) for _ in range(TENANTS)]
        for number in range(self._payments):
            await self._story(shops[number % TENANTS], number)
        bodies = self._bodies()
        self._till.stripe.stand_in.book.ask("delete from deliveries")
        began = time.monotonic()
        crew = Crew(self._till.desk.database, self._folder, serve)
        try:
            killing = asyncio.create_task(self._kill(crew))
            await self._deliver(bodies)
            await killing
            await self._come_to_the_end(crew)
            return await self._verdict(len(bodies), time.monotonic() - began)
        finally:
            crew.end()

    async def _story(self, shop: Tenant, number: int) -> None:
        """One payment: plain, after a decline, refunded in part and half of those disputed then, or disputed."""
        intent = await self._intent(shop)
        control = self._till.stripe.stand_in.control
        if number % 5 == 1:
            control.do("confirm", {"intent": intent, "card": _DECLINED})
        control.do("confirm", {"intent": intent, "card": _DISPUTED if number % 5 == 3 else _GOOD})
        client = self._till.stripe.client
        if number % 5 == 2:
            await client.refunds.create_async({"payment_intent": intent, "amount": 1_000 + number % 7})
        if number % 10 == 2:
            control.do("dispute", {"intent": intent})
        if number % 5 == 3 or number % 10 == 2:
            disputes = await client.disputes.list_async({"payment_intent": intent})
            control.do("close-dispute", {"dispute": disputes.data[0].id, "won": number % 10 == 8})

    async def _intent(self, shop: Tenant) -> str:
        """A busy machine may refuse for the moment."""
        while True:
            try:
                invoice = await self._till.an_invoice(shop)
                return str((await self._till.an_intent(shop, invoice["id"]))["intentId"])
            except AssertionError as refusal:
                if "problem:unavailable" not in str(refusal):
                    raise

    def _bodies(self) -> Sequence[bytes]:
        """Every event of our kinds, a fifth of them twice, in no order."""
        rows = self._till.stripe.stand_in.book.ask("select body from objects where kind = 'event'")
        events = [json.loads(row["body"]) for row in rows]
        told = [json.dumps(event).encode() for event in events if event["type"] in KINDS]
        told += random.sample(told, int(len(told) * DUPLICATES))
        random.shuffle(told)
        return told

    async def _deliver(self, bodies: Sequence[bytes]) -> None:
        waiting = iter(bodies)

        async def carry() -> None:
            async with self._till.desk.client() as client:
                for body in waiting:
                    while not await self._taken(client, body):
                        self._refused += 1

        await asyncio.gather(*(carry() for _ in range(AT_ONCE)))

    async def _taken(self, client: httpx.AsyncClient, body: bytes) -> bool:
        stamp = signature(body, WEBHOOK_SECRET, at=int(time.time()))
        headers = {"Content-Type": "application/json", "Stripe-Signature": stamp}
        began = time.perf_counter()
        answer = await client.post("/webhooks/stripe", content=body, headers=headers)
        self._waits.append(time.perf_counter() - began)
        return answer.is_success

    async def _kill(self, crew: Crew) -> None:
        for number in range(1, self._kills + 1):
            await asyncio.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - chance, not a secret
            crew.kill_one()
            if self._server and number % 10 == 0:
                await self._server.end(list(WAYS.values())[self._restarts % len(WAYS)])
                await self._server.start()
                self._restarts += 1
                crew.fill_up()

    async def _come_to_the_end(self, crew: Crew) -> None:
        admin = await asyncpg.connect(self._till.desk.database.admin)
        deadline = time.monotonic() + PATIENCE
        while left := await admin.fetchval(_LEFT):
            assert time.monotonic() < deadline, f"{left} are not applied"
            crew.fill_up()
            await asyncio.sleep(0.2)
        await admin.close()

    async def _verdict(self, deliveries: int, seconds: float) -> Verdict:
        url, waits = self._till.desk.database.admin, sorted(self._waits)
        [found] = await rows(url, "select count(*) as n from payments where status <> 'pending'")
        return Verdict(
            deliveries=deliveries,
            kills=self._kills,
            restarts=self._restarts,
            refused=self._refused,
            payments=found["n"],
            differing=await differences(url, self._till.stripe.stand_in.book),
            p99_ms=waits[int(len(waits) * 0.99)] * 1_000,
            seconds=seconds,
        )
