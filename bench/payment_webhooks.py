"""How soon a webhook of a payment is acknowledged, with 200 a second arriving: proven, stored and committed by then.

`python -m bench.payment_webhooks [seconds] [per second]`: the API in one process, over a Postgres of its own.
Wall times say something on a quiet machine only.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from domains.shared.ids import new_id
from infra.sandbox.stripe.delivering import signature
from tests.support.databases import Databases
from tests.support.payments import TillHouse, till_house
from tests.support.people import new_tenant
from tests.support.server import postgres_server
from tests.support.stripe_stand_in import WEBHOOK_SECRET

SECONDS = 20
PER_SECOND = 200
TENANTS = 10


async def measure(till: TillHouse, seconds: int, per_second: int, refused: list[int]) -> list[float]:
    """The waits in milliseconds, each from when it should have been sent until it was taken."""
    shops = [await new_tenant(till.desk) for _ in range(TENANTS)]
    loop = asyncio.get_running_loop()
    began = loop.time() + 0.1

    async def one(number: int) -> float:
        due = began + number / per_second
        await asyncio.sleep(max(0.0, due - loop.time()))
        about = {
            "object": "payment_intent",
            "id": f"pi_{number}",
            "metadata": {"tenantId": str(shops[number % TENANTS].id)},
        }
        event = {"id": f"evt_{new_id()}", "type": "payout.paid", "created": 1, "data": {"object": about}}
        body = json.dumps(event, indent=2).encode()
        stamp = signature(body, WEBHOOK_SECRET, at=int(time.time()))
        headers = {"Content-Type": "application/json", "Stripe-Signature": stamp}
        async with till.desk.client() as client:
            while not (await client.post("/webhooks/stripe", content=body, headers=headers)).is_success:
                refused.append(number)
        return (loop.time() - due) * 1_000

    return sorted(await asyncio.gather(*(one(number) for number in range(seconds * per_second))))


async def main(admin_url: str, folder: Path, seconds: int, per_second: int) -> None:
    database = await Databases(admin_url).new()
    async with till_house(database, folder) as till:
        refused = list[int]()
        await measure(till, 2, 20, [])
        before = time.process_time()
        waits = await measure(till, seconds, per_second, refused)
        spent = (time.process_time() - before) / len(waits) * 1_000
    shown = {"p50": waits[len(waits) // 2], "p99": waits[int(len(waits) * 0.99)], "cpu": spent}
    print(f"{len(waits)} webhooks, {per_second}/s, {len(refused)} refused at first, load {os.getloadavg()[0]:.1f}")
    print(", ".join(f"{name} {value:.1f} ms" for name, value in shown.items()))


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    with postgres_server() as server, tempfile.TemporaryDirectory() as place:
        asyncio.run(main(server, Path(place), *(given or [SECONDS, PER_SECOND])))
