"""Card payments at Stripe."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
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

_SECONDS = 10
_PAGE = 100


class StripeCards:
    """The `Cards`. Where Stripe stands is the operator's to say, not the tenant's. `watch` measures each call."""

    def __init__(self, *, address: str | None, watch: Callable[[], AbstractContextManager[None]]) -> None:
        self._addresses: Any = {"api": address} if address else {}
        self._http = stripe.HTTPXClient(timeout=_SECONDS, allow_sync_methods=False)
        self._watch = watch

    async def close(self) -> None:
        await self._http.close_async()  # type: ignore[no-untyped-call]  # the library leaves it untyped

    async def reach(self, account: ProviderAccount) -> None:
        await self._asked(self._of(account).payment_intents.list_async({"limit": 1}))

    async def create(self, account: ProviderAccount, payment: Payment, *, tenant: UUID) -> OpenIntent:
        named = {TENANT: str(tenant), PAYMENT: str(payment.id), "invoiceId": str(payment.invoice_id)}
        made = self._of(account).payment_intents.create_async(
            {
                "amount": to_stripe(payment.amount, payment.currency),
                "currency": payment.currency.lower(),
                "automatic_payment_methods": {"enabled": True},
                "metadata": named,
            },
            {"idempotency_key": str(payment.id)},
        )
        return _opened(await self._asked(made))

    async def retrieve(self, account: ProviderAccount, intent_id: str) -> OpenIntent:
        return _opened(await self._asked(self._of(account).payment_intents.retrieve_async(intent_id)))

    async def cancel(self, account: ProviderAccount, intent_id: str) -> IntentTold:
        try:
            return _told(await self._asked(self._of(account).payment_intents.cancel_async(intent_id)))
        except Refused:
            return (await self.retrieve(account, intent_id)).told

    async def refund(self, account: ProviderAccount, refund: Refund, *, intent_id: str) -> RefundTold:
        amount = to_stripe(refund.amount, refund.currency)
        asked = self._of(account).refunds.create_async(
            {"payment_intent": intent_id, "amount": amount, "metadata": {REFUND: str(refund.id)}},
            {"idempotency_key": str(refund.id)},
        )
        return refund_told(_json(await self._asked(asked)))

    async def events(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[bytes]:
        asked: dict[str, Any] = {"limit": _PAGE, "created": {"gte": int(since.timestamp())}, "types": list(KINDS)}
        async for event in self._pages(lambda **more: self._of(account).events.list_async({**asked, **more})):
            yield json.dumps(event).encode()

    async def intents(
        self, account: ProviderAccount, *, since: datetime
    ) -> AsyncIterator[tuple[UUID | None, IntentTold]]:
        asked: dict[str, Any] = {"limit": _PAGE, "created": {"gte": int(since.timestamp())}}
        async for intent in self._pages(lambda **more: self._of(account).payment_intents.list_async({**asked, **more})):
            yield named_tenant(intent), intent_told(intent)

    async def lines(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[FeeTold | PayoutTold]:
        asked: dict[str, Any] = {"limit": _PAGE, "created": {"gte": int(since.timestamp())}}
        lines = self._of(account).balance_transactions
        async for line in self._pages(lambda **more: lines.list_async({**asked, **more})):
            if told := line_told(line):
                yield told

    async def balances(self, account: ProviderAccount) -> Mapping[str, int]:
        return balances_told(_json(await self._asked(self._of(account).balance.retrieve_async())))

    async def _pages(self, ask: Callable[..., Coroutine[Any, Any, Any]]) -> AsyncIterator[dict[str, Any]]:
        more: dict[str, str] = {}
        while True:
            page = _json(await self._asked(ask(**more)))
            for each in page["data"]:
                yield each
            if not page["has_more"]:
                return
            more = {"starting_after": page["data"][-1]["id"]}

    def _of(self, account: ProviderAccount) -> Any:
        client = stripe.StripeClient(
            account.secret_key, base_addresses=self._addresses, http_client=self._http, max_network_retries=0
        )
        return client.v1

    async def _asked(self, call: Coroutine[Any, Any, Answer]) -> Answer:
        """Raise `Refused` for what Stripe never does, `TryLater` for what it certainly did not do."""
        try:
            with self._watch():
                return await call
        except (stripe.RateLimitError, stripe.AuthenticationError, stripe.PermissionError) as error:
            raise TryLater(_reason(error), is_general=True) from error
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            raise Refused(_reason(error)) from error
        except stripe.StripeError as error:
            raise ProviderError("Stripe gave no answer that says what it did: ask again.") from error


def _opened(intent: Any) -> OpenIntent:
    return OpenIntent(_told(intent), str(intent["client_secret"]))


def _told(intent: Any) -> IntentTold:
    return intent_told(_json(intent))


def _json(answer: Any) -> dict[str, Any]:
    """What Stripe's library has read, as it stood there."""
    found: dict[str, Any] = json.loads(str(answer))
    return found


def _reason(error: stripe.StripeError) -> str:
    return str(error.code or type(error).__name__)[:100]
