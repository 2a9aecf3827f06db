"""Card payments at Stripe."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar
from uuid import UUID

import stripe

from domains.payments import (
    FeeTold,
    IntentTold,
    OpenIntent,
    Payment,
    PayoutTold,
    ProviderAccount,
    ProviderError,
    Refund,
    RefundTold,
)
from domains.shared.vendors import Refused, TryLater
from infra.guarding import Guard
from infra.stripe.amounts import to_stripe
from infra.stripe.reading import (
    KINDS,
    PAYMENT,
    REFUND,
    TENANT,
    balances_told,
    intent_told,
    line_told,
    named_tenant,
    refund_told,
)

Answer = TypeVar("Answer")
Item = TypeVar("Item")
Json = dict[str, Any]
Asking = Callable[[Any], Coroutine[Any, Any, Any]]
"""A call of Stripe's client."""

_SECONDS = 10.0
_AT_ONCE = 20
_PAGE = 100
_NO_ANSWER = "Stripe gave no answer that says what it did: ask again."
_UNREADABLE = (AttributeError, LookupError, OverflowError, TypeError, ValueError)


class StripeCards:
    """The `Cards`. Where Stripe stands is the operator's to say, not the tenant's. `watch` measures each call.

    A call has ten seconds in all, and twenty are made at once at most: see `Guard`.
    """

    def __init__(
        self,
        *,
        address: str | None,
        watch: Callable[[], AbstractContextManager[None]],
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._addresses: Any = {"api": address} if address else {}
        self._http = stripe.HTTPXClient(timeout=_SECONDS, allow_sync_methods=False)
        self._guard = Guard(watch, at_once=_AT_ONCE, clock=clock)
        self._seconds = seconds

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]  # the library leaves it untyped

    async def reach(self, account: ProviderAccount) -> None:
        await self._asked(account, _list("payment_intents", {"limit": 1}), partial(_page, intent_told))

    async def create(self, account: ProviderAccount, payment: Payment, *, tenant: UUID) -> OpenIntent:
        named = {TENANT: str(tenant), PAYMENT: str(payment.id), "invoiceId": str(payment.invoice_id)}
        wanted = {
            "amount": to_stripe(payment.amount, payment.currency),
            "currency": payment.currency.lower(),
            "automatic_payment_methods": {"enabled": True},
            "metadata": named,
        }
        once = {"idempotency_key": str(payment.id)}
        return await self._asked(account, lambda v1: v1.payment_intents.create_async(wanted, once), _opened)

    async def retrieve(self, account: ProviderAccount, intent_id: str) -> OpenIntent:
        return await self._asked(account, lambda v1: v1.payment_intents.retrieve_async(intent_id), _opened)

    async def cancel(self, account: ProviderAccount, intent_id: str) -> IntentTold:
        try:
            return await self._asked(account, lambda v1: v1.payment_intents.cancel_async(intent_id), _told)
        except Refused:
            return (await self.retrieve(account, intent_id)).told

    async def refund(self, account: ProviderAccount, refund: Refund, *, intent_id: str) -> RefundTold:
        amount = to_stripe(refund.amount, refund.currency)
        wanted = {"payment_intent": intent_id, "amount": amount, "metadata": {REFUND: str(refund.id)}}
        once = {"idempotency_key": str(refund.id)}
        return await self._asked(account, lambda v1: v1.refunds.create_async(wanted, once), _refunded)

    async def events(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[bytes]:
        wanted = {**_made(since), "types": list(KINDS)}
        async for event in self._pages(account, "events", wanted, lambda event: json.dumps(event).encode()):
            yield event

    async def intents(
        self, account: ProviderAccount, *, since: datetime
    ) -> AsyncIterator[tuple[UUID | None, IntentTold]]:
        async for intent in self._pages(account, "payment_intents", _made(since), _owned):
            yield intent

    async def lines(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[FeeTold | PayoutTold]:
        async for told in self._pages(account, "balance_transactions", _made(since), line_told):
            if told:
                yield told

    async def balances(self, account: ProviderAccount) -> Mapping[str, int]:
        return await self._asked(
            account, lambda v1: v1.balance.retrieve_async(), lambda answer: balances_told(_json(answer))
        )

    async def _pages(
        self, account: ProviderAccount, resource: str, wanted: Json, read: Callable[[Json], Item]
    ) -> AsyncIterator[Item]:
        last: str | None = None
        while True:
            after = {"starting_after": last} if last else {}
            found, last = await self._asked(account, _list(resource, {**wanted, **after}), partial(_page, read))
            for each in found:
                yield each
            if last is None:
                return

    async def _asked(self, account: ProviderAccount, ask: Asking, read: Callable[[Any], Answer]) -> Answer:
        return await self._guard.ask(partial(self._answer, account, ask, read))

    async def _answer(self, account: ProviderAccount, ask: Asking, read: Callable[[Any], Answer]) -> Answer:
        """Raise `Refused` for what Stripe never does, `TryLater` for what it certainly did not do.

        What it does not do for one account says nothing of the others.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await ask(self._of(account))
        except (stripe.RateLimitError, stripe.AuthenticationError, stripe.PermissionError) as error:
            raise TryLater(_reason(error)) from error
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            raise Refused(_reason(error)) from error
        except (stripe.StripeError, TimeoutError) as error:
            raise ProviderError(_NO_ANSWER) from error
        try:
            return read(answer)
        except _UNREADABLE as error:
            raise ProviderError(_NO_ANSWER) from error

    def _of(self, account: ProviderAccount) -> Any:
        client = stripe.StripeClient(
            account.secret_key, base_addresses=self._addresses, http_client=self._http, max_network_retries=0
        )
        return client.v1


def _made(since: datetime) -> Json:
    return {"limit": _PAGE, "created": {"gte": int(since.timestamp())}}


def _list(resource: str, wanted: Json) -> Asking:
    named = attrgetter(resource)

    def ask(v1: Any) -> Coroutine[Any, Any, Any]:
        asked: Coroutine[Any, Any, Any] = named(v1).list_async(wanted)
        return asked

    return ask


def _page(read: Callable[[Json], Item], answer: Any) -> tuple[list[Item], str | None]:
    """What is on it, and after which the next one begins, if there is one."""
    page = _json(answer)
    items = page["data"]
    return [read(each) for each in items], str(items[-1]["id"]) if page["has_more"] else None


def _owned(intent: Json) -> tuple[UUID | None, IntentTold]:
    return named_tenant(intent), intent_told(intent)


def _opened(intent: Any) -> OpenIntent:
    return OpenIntent(_told(intent), str(intent["client_secret"]))


def _told(intent: Any) -> IntentTold:
    return intent_told(_json(intent))


def _refunded(refund: Any) -> RefundTold:
    return refund_told(_json(refund))


def _json(answer: Any) -> Json:
    """What Stripe's library has read, as it stood there."""
    found: Json = json.loads(str(answer))
    return found


def _reason(error: stripe.StripeError) -> str:
    return str(error.code or type(error).__name__)[:100]
