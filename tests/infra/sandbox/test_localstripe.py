"""Two who stand in for Stripe, asked the same by Stripe's SDK: where they overlap, they answer alike.

localstripe (GPL, a process of its own, for this test only) knows no idempotency keys, no disputes, no
`automatic_payment_methods`, no `payment_method` at a confirmation, and no fees; it refunds more than was charged. What
ours does there, `test_stripe_stand_in.py` holds against Stripe's documentation.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import stripe

from tests.faults.processes import free_port
from tests.support.soon import becomes
from tests.support.stripe_stand_in import SECRET_KEY, stripe_house

PROGRAM = """
import sys
from aiohttp import web
from localstripe import resources, server
resources.Store.dump_to_disk = lambda store: None
web.run_app(server.app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
ASKED = {"amount": 12_500, "currency": "usd", "metadata": {"tenantId": "t-1"}}
SAME = {"amount", "amount_refunded", "currency", "has_more", "object", "reporting_category", "status", "type", "url"}
Answers = dict[str, dict[str, Any]]


@asynccontextmanager
async def localstripe() -> AsyncIterator[str]:
    """Its address."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "ignore", "-c", PROGRAM, str(port))
    try:
        await becomes(True, lambda: _listens(port), within=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()


async def _listens(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


async def _story(client: Any) -> Answers:
    """An intent that is cancelled, and one that is paid and refunded in part."""
    open_one = await client.payment_intents.create_async(ASKED)
    paid = await client.payment_intents.create_async({**ASKED, "payment_method": "pm_card_visa", "confirm": True})
    found = await client.payment_intents.retrieve_async(paid.id)
    charges = await client.charges.list_async()
    line = await client.balance_transactions.retrieve_async(charges.data[0].balance_transaction)
    refund = await client.refunds.create_async({"payment_intent": paid.id, "amount": 5_000})
    answers = {
        "asked": open_one,
        "paid": paid,
        "found": found,
        "charge": charges.data[0],
        "line": line,
        "refund": refund,
        "refunds": await client.refunds.list_async({"payment_intent": paid.id}),
        "page": await client.payment_intents.list_async({"limit": 1}),
        "cancelled": await client.payment_intents.cancel_async(open_one.id),
        "events": await client.events.list_async({"type": "payment_intent.succeeded"}),
    }
    read = {name: json.loads(str(answer)) for name, answer in answers.items()}
    del read["page"]["data"]
    for name, asking in {
        "cancelled again": client.payment_intents.cancel_async(open_one.id),
        "unknown": client.payment_intents.retrieve_async("pi_nothing"),
        "of nothing": client.payment_intents.create_async({**ASKED, "amount": 0}),
    }.items():
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            await asking
        read[name] = {"status": refusal.value.http_status}
    return read


def _differences(ours: Mapping[str, Any], theirs: Mapping[str, Any], path: str = "") -> list[str]:
    """Where both say something of a field, and it is of another kind, or another value of what does not name a thing.

    What localstripe shows whole, and Stripe by its id unless `expand` asks for it, counts as that id.
    """
    found = []
    for name in sorted(ours.keys() & theirs.keys()):
        one, other, at = ours[name], theirs[name], f"{path}.{name}"
        if isinstance(one, str) and isinstance(other, dict):
            other = other["id"]
        if isinstance(one, dict) and isinstance(other, dict):
            found += _differences(one, other, at)
        elif isinstance(one, list) and isinstance(other, list):
            found += [each for pair in zip(one, other, strict=False) for each in _differences(*pair, at)]
        elif None not in (one, other) and (type(one) is not type(other) or (name in SAME and one != other)):
            found.append(f"{at}: {one!r} and {other!r}")
    return found


async def test_they_answer_alike() -> None:
    async with stripe_house() as ours, localstripe() as address:
        mine = await _story(ours.client)
        ours.address = address
        theirs = await _story(ours.client_with(SECRET_KEY))
    assert _differences(mine, theirs) == []
    assert len(mine["refunds"]["data"]) == len(theirs["refunds"]["data"]) == 1
