"""Stripe in trouble: whatever it answers, or does not, is told for what it is. Attack C16 204."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from domains.payments import Payment, ProviderAccount, ProviderError, Refund
from domains.payments.model import Claim
from domains.payments.status import RefundReason
from domains.shared.ids import new_id
from domains.shared.vendors import Refused, TryLater
from infra.stripe.cards import StripeCards

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ACCOUNT = ProviderAccount(is_own=False, secret_key="sk_test_1", publishable_key="pk_test_1", signing_secrets=())
PAYMENT = Payment.asked(Claim(new_id(), new_id(), 12_000, "USD"), own_account=False, now=NOW)
REFUND = Refund.of(PAYMENT, 500, reason=RefundReason.OTHER, now=NOW)
SOUND = (
    b'{"id": "pi_1", "object": "payment_intent", "status": "requires_payment_method", "amount": 12000,'
    b' "currency": "usd", "created": 1764000000, "client_secret": "pi_1_secret_1", "metadata": {}}'
)
TLS = b"\x16"
ERROR = b'{"error": {"type": "api_error", "message": "Something went wrong"}}'


def answer(body: bytes, status: str = "200 OK", *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body)}", *more]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def refusal(kind: str, code: str) -> bytes:
    return f'{{"error": {{"type": "{kind}", "code": "{code}", "message": "No"}}}}'.encode()


class Moody:
    """Answers everything with `says`, at a pace, or leaves in the middle of it."""

    def __init__(self) -> None:
        self.says = answer(SOUND)
        self.pause = 0.0
        self.asked = self.at_once = self.most_at_once = 0
        self.open = asyncio.Event()
        self.open.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            first = await reader.readexactly(1)
            if first == TLS:
                writer.write(self.says)
            head = await reader.readuntil(b"\r\n\r\n")
            length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            await reader.readexactly(int(length[0].partition(b":")[2]) if length else 0)
            self.asked, self.at_once = self.asked + 1, self.at_once + 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await self.open.wait()
            for at in range(0, len(self.says), 1 if self.pause else 65_536):
                writer.write(self.says[at : at + (1 if self.pause else 65_536)])
                await writer.drain()
                await asyncio.sleep(self.pause)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.at_once -= 1
            writer.close()


class Desk:
    """Our side: `cards`, the `clock` of their guard, and how the calls ended that were measured."""

    def __init__(self, address: str, seconds: float) -> None:
        self.clock = 0.0
        self.seen: Counter[str] = Counter()
        self.cards = StripeCards(address=address, watch=self._watch, seconds=seconds, clock=lambda: self.clock)

    async def ask(self) -> str:
        """What became of asking for an intent."""
        try:
            return (await self.cards.create(ACCOUNT, PAYMENT, tenant=new_id())).told.intent_id
        except TryLater as later:
            return later.reason
        except ProviderError:
            return "no answer"

    @contextmanager
    def _watch(self) -> Iterator[None]:
        outcome = "failed"
        try:
            yield
            outcome = "ok"
        finally:
            self.seen[outcome] += 1


@asynccontextmanager
async def there(scheme: str = "http", *, seconds: float = 60) -> AsyncIterator[tuple[Desk, Moody]]:
    moody = Moody()
    server = await asyncio.start_server(moody.serve, "127.0.0.1", 0)
    desk = Desk(f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}", seconds)
    try:
        yield desk, moody
    finally:
        moody.open.set()
        await desk.cards.close()
        server.close()


async def all_of(asked: AsyncIterator[Any]) -> list[Any]:
    return [each async for each in asked]


ASKED: list[Callable[[StripeCards], Any]] = [
    lambda cards: cards.reach(ACCOUNT),
    lambda cards: cards.create(ACCOUNT, PAYMENT, tenant=new_id()),
    lambda cards: cards.retrieve(ACCOUNT, "pi_1"),
    lambda cards: cards.refund(ACCOUNT, REFUND, intent_id="pi_1"),
    lambda cards: cards.cancel(ACCOUNT, "pi_1"),
    lambda cards: cards.balances(ACCOUNT),
    lambda cards: all_of(cards.events(ACCOUNT, since=NOW)),
    lambda cards: all_of(cards.intents(ACCOUNT, since=NOW)),
    lambda cards: all_of(cards.lines(ACCOUNT, since=NOW)),
]


@pytest.mark.parametrize("says", [
    pytest.param(answer(ERROR, "500 Internal Server Error"), id="500"),
    pytest.param(answer(b"<html>Bad gateway</html>", "502 Bad Gateway"), id="502 of a proxy"),
    pytest.param(answer(b"", "302 Found", "Location: https://example.com/"), id="redirected"),
    pytest.param(answer(ERROR), id="200 with an error"),
    pytest.param(answer(b"{not json"), id="200 without JSON"),
    pytest.param(answer(b""), id="200 with nothing"),
    pytest.param(answer(b"null"), id="null"),
    pytest.param(answer(b"[]"), id="array"),
    pytest.param(answer(b'"text"'), id="text"),
    pytest.param(answer(b'{"object": "list", "data": [{}], "has_more": true}'), id="list of nothings"),
    pytest.param(answer(b'{"object": "list", "data": [], "has_more": true}'), id="list without an end"),
    pytest.param(answer(b'{"id": "x", "status": 7, "amount": "much", "created": 1e99}'), id="other types"),
    pytest.param(answer(SOUND)[:-40], id="cut off"),
    pytest.param(b"\x15\x03\x01\x00\x02\x02\x28", id="another protocol"),
    pytest.param(b"", id="hangs up"),
])  # fmt: skip
async def test_no_answer_of_stripe_is_a_failure_of_ours(says: bytes) -> None:
    async with there() as (desk, moody):
        for ask in ASKED:
            moody.says = says
            with pytest.raises(ProviderError):
                await ask(desk.cards)
            moody.says = answer(SOUND)
            assert await desk.ask() == "pi_1"
    assert desk.seen == {"failed": len(ASKED), "ok": len(ASKED)}


async def test_a_slow_drip_ends_in_time() -> None:
    """Each byte comes soon enough, all of them never would."""
    async with there(seconds=0.5) as (desk, moody):
        moody.pause = 0.1
        assert await desk.ask() == "no answer"


async def test_nobody_there_and_no_tls() -> None:
    async with there("https") as (desk, _):
        assert await desk.ask() == "no answer"
    assert await desk.ask() == "no answer"


@pytest.mark.parametrize(
    ("says", "raised", "reason"),
    [
        (answer(refusal("x", "rate_limit"), "429 Too Many Requests", "Retry-After: 30"), TryLater, "RateLimitError"),
        (answer(refusal("x", "api_key_expired"), "401 Unauthorized"), TryLater, "AuthenticationError"),
        (answer(refusal("card_error", "card_declined"), "402 Payment Required"), Refused, "card_declined"),
        (answer(refusal("invalid_request_error", "amount_too_small"), "400 Bad Request"), Refused, "amount_too_small"),
    ],
)
async def test_what_stripe_does_not_do_for_one_account_stops_no_other(
    says: bytes, raised: type[Exception], reason: str
) -> None:
    async with there() as (desk, moody):
        moody.says = says
        for _ in range(8):
            with pytest.raises(raised, match=reason):
                await desk.cards.create(ACCOUNT, PAYMENT, tenant=new_id())
        moody.says = answer(SOUND)
        assert await desk.ask() == "pi_1"
    assert desk.seen == ({"ok": 9} if raised is Refused else {"failed": 8, "ok": 1})


async def test_one_that_is_down_is_left_alone_and_asked_now_and_then() -> None:
    async with there() as (desk, moody):
        moody.says = answer(ERROR, "503 Service Unavailable")
        said = [await desk.ask() for _ in range(9)]
        assert said == ["no answer"] * 6 + ["resting"] * 3
        desk.clock += 15
        assert [await desk.ask() for _ in range(2)] == ["no answer", "resting"]
        moody.says = answer(SOUND)
        assert await desk.ask() == "resting"
        desk.clock += 15
        assert [await desk.ask() for _ in range(3)] == ["pi_1"] * 3
        assert moody.asked == 10


async def test_one_that_is_slow_holds_twenty_and_no_more() -> None:
    async with there() as (desk, moody):
        moody.open.clear()
        asking = [asyncio.create_task(desk.ask()) for _ in range(24)]
        done, held = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        while len(held) > 20:
            more, held = await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED)
            done |= more
        moody.open.set()
        assert [each.result() for each in done] == ["busy"] * 4
        assert await asyncio.gather(*held) == ["pi_1"] * 20
        assert moody.most_at_once == 20
