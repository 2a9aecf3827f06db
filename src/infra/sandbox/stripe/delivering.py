"""Delivering events to webhook endpoints: signed, tried again, and disturbed on demand."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from sqlite3 import Row

import httpx

from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.faults import Faults
from infra.sandbox.stripe.refusals import Json

_AT_ONCE = 20
_IDLE_SECONDS = 0.1
_DELAY_SECONDS = 2.0
_LONGEST_WAIT = 3_600.0
_MOST_TRIES = 20
_OK = range(200, 300)
_DUE = """
    select d.seq, d.event, d.tries, e.url, e.secret from deliveries d join endpoints e on e.id = d.endpoint
    where d.state = 'waiting' and d.due <= ? order by d.due, d.seq limit ?
"""


def signature(body: bytes, secret: str, *, at: int) -> str:
    """The header `Stripe-Signature`."""
    made = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={made}"


class Delivering:
    """Sends what is due. What is not taken with a 2xx is tried again after 1, 2, 4 … seconds, up to an hour."""

    def __init__(self, book: Book, faults: Faults, client: httpx.AsyncClient) -> None:
        self._book = book
        self._faults = faults
        self._client = client

    def send_by(self, client: httpx.AsyncClient) -> None:
        """Send by another client from here on."""
        self._client = client

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            if not await self.once():
                await asyncio.sleep(_IDLE_SECONDS)

    async def once(self) -> int:
        """Send what is due now, and say how much that was."""
        due = self._book.ask(_DUE, time.time(), _AT_ONCE)
        chosen = [(row, self._faults.of_delivery()) for row in due]
        if any(fault == "reorder" for _, fault in chosen):
            random.shuffle(chosen)
        await asyncio.gather(*(self._deliver(row, fault) for row, fault in chosen))
        return len(chosen)

    def send_again(self, event: str) -> int:
        """Deliver an event once more, whatever became of it."""
        change = "update deliveries set state = 'waiting', due = ?, tries = 0 where event = ? returning seq"
        return len(self._book.ask(change, time.time(), event))

    async def _deliver(self, row: Row, fault: str | None) -> None:
        if fault == "loss":
            self._settle(row, "lost", None)
        elif fault == "delay":
            self._book.ask("update deliveries set due = ? where seq = ?", time.time() + _DELAY_SECONDS, row["seq"])
        else:
            for _ in range(2 if fault == "duplicate" else 1):
                await self._send(row, secret="wrong" if fault == "bad_signature" else row["secret"])

    async def _send(self, row: Row, *, secret: str) -> None:
        event: Json = json.loads(self._book.ask("select body from objects where id = ?", row["event"])[0]["body"])
        body = json.dumps(event, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(body, secret, at=int(time.time())),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            status = (await self._client.post(row["url"], content=body, headers=headers)).status_code
        except httpx.HTTPError:
            status = 0
        if status in _OK:
            self._settle(row, "delivered", status)
        elif row["tries"] + 1 >= _MOST_TRIES:
            self._settle(row, "given_up", status)
        else:
            change = "update deliveries set tries = tries + 1, due = ?, status = ? where seq = ?"
            self._book.ask(change, time.time() + min(2.0 ** row["tries"], _LONGEST_WAIT), status, row["seq"])

    def _settle(self, row: Row, state: str, status: int | None) -> None:
        change = "update deliveries set state = ?, status = ?, tries = tries + 1 where seq = ?"
        self._book.ask(change, state, status, row["seq"])
