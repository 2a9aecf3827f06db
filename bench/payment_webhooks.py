"""How soon a webhook of a payment is acknowledged, with 200 a second arriving: proven, stored and committed by then.

`.venv/bin/python -m bench.payment_webhooks [seconds] [per second]`: a real API process over a Postgres of its own, and
the load in this process, over kept connections. Arrivals do not wait for one another: the time runs from when
it was due. The first seconds are shown apart; the limit is for those after them. Wall times say something on a quiet
machine only.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence

from bench.serving import Line, Served, served
from domains.shared.ids import new_id
from infra.sandbox.stripe.delivering import signature
from tests.support.stripe_stand_in import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET

SECONDS = 20
PER_SECOND = 200
TENANTS = 10
WARM_UP = 5
PLATFORM = {
    "STRIPE_SECRET_KEY": SECRET_KEY,
    "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE_KEY,
    "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
}
OK, BUSY = 200, 503


class Arrivals:
    """Webhooks that come at a steady rate, for each business in turn."""

    def __init__(self, api: Served, per_second: int) -> None:
        self._api = api
        self._per_second = per_second
        self._idle: list[Line] = []
        self.refused = 0

    async def come(self, seconds: int) -> list[list[float]]:
        """The waits in milliseconds, sorted, of each second."""
        loop, coming = asyncio.get_running_loop(), list[asyncio.Task[float]]()
        began = loop.time()
        for number in range(seconds * self._per_second):
            due = began + number / self._per_second
            await asyncio.sleep(due - loop.time())
            coming.append(asyncio.create_task(self._one(number, due)))
        waits = await asyncio.gather(*coming)
        step = self._per_second
        return [sorted(waits[begin : begin + step]) for begin in range(0, len(waits), step)]

    def end(self) -> None:
        for line in self._idle:
            line.close()

    async def _one(self, number: int, due: float) -> float:
        body = _event(number, str(self._api.tenants[number % TENANTS].id))
        headers = {"Stripe-Signature": signature(body, WEBHOOK_SECRET, at=int(time.time()))}
        line = self._idle.pop() if self._idle else Line(self._api.port)
        while (status := await line.send("POST", "/webhooks/stripe", body, headers)) != OK:
            if status != BUSY:
                raise RuntimeError(status)
            self.refused += 1
        self._idle.append(line)
        return (asyncio.get_running_loop().time() - due) * 1_000


def _event(number: int, tenant: str) -> bytes:
    about = {"object": "payment_intent", "id": f"pi_{number}", "metadata": {"tenantId": tenant}}
    event = {"id": f"evt_{new_id()}", "type": "payout.paid", "created": 1, "data": {"object": about}}
    return json.dumps(event, indent=2).encode()


def _told(name: str, waits: Sequence[float]) -> None:
    found = sorted(waits)
    p50, p99 = found[len(found) // 2], found[int(len(found) * 0.99)]
    print(f"{name:>10}  p50 {p50:6.1f} ms  p99 {p99:6.1f} ms  longest {found[-1]:6.1f} ms")


async def main(seconds: int = SECONDS, per_second: int = PER_SECOND) -> None:
    async with served(tenants=TENANTS, **PLATFORM) as api:
        arrivals = Arrivals(api, per_second)
        cold = await arrivals.come(WARM_UP)
        before = api.cpu_seconds()
        warm = await arrivals.come(seconds)
        spent = (api.cpu_seconds() - before) / (seconds * per_second) * 1_000
        arrivals.end()
    for number, waits in enumerate([*cold, *warm]):
        _told(f"{number + 1} s", waits)
    print(f"{arrivals.refused} refused at first, load {os.getloadavg()[0]:.1f}, cpu {spent:.1f} ms each in the API")
    _told("starting", [wait for waits in cold for wait in waits])
    _told("running", [wait for waits in warm for wait in waits])


if __name__ == "__main__":
    asyncio.run(main(*(int(word) for word in sys.argv[1:])))
