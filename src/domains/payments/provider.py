"""What payments need from a provider of card payments, and what it tells."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.payments.fees import FeeTold, PayoutTold
from domains.payments.model import Payment, Refund
from domains.payments.status import DisputeStatus, IntentState, RefundStatus


class ProviderAccount(msgspec.Struct, frozen=True, kw_only=True):
    """Whose account it is: `is_own` is the business's, any other the platform's. Secrets are in the clear here."""

    is_own: bool
    secret_key: str
    publishable_key: str
    signing_secrets: tuple[str, ...]

    @property
    def is_live(self) -> bool:
        """Whether real money moves."""
        return "_live_" in self.secret_key


class IntentTold(msgspec.Struct, frozen=True, kw_only=True):
    """An intent as the provider has it. `payment` is the id that we gave it; `at` is when it was so."""

    intent_id: str
    payment: UUID | None
    state: IntentState
    amount: int
    currency: str
    charge_id: str | None
    failure_code: str | None
    at: datetime

    def is_about(self, payment: Payment) -> bool:
        """Whether it is the one that the payment has, or may come to have."""
        is_money = self.amount > 0 and self.currency == payment.currency
        return is_money and payment.intent_id in {None, self.intent_id}


class RefundTold(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as the provider has it. `refund` is the id that we gave it; those made elsewhere have none."""

    refund_id: str
    refund: UUID | None
    intent_id: str
    amount: int
    status: RefundStatus
    failure_code: str | None

    def is_about(self, refund: Refund, payment: Payment) -> bool:
        """Whether it is the one that the refund has, or may come to have."""
        return refund.payment_id == payment.id and refund.refund_id in {None, self.refund_id}


class DisputeTold(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute as the provider has it. `at` is when it was so."""

    dispute_id: str
    intent_id: str
    amount: int
    status: DisputeStatus
    at: datetime


Told = IntentTold | RefundTold | DisputeTold


class ProviderEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was read. `tenant` and `intent_id` say whose it is; `told` is None for what nobody asks about."""

    id: str
    is_live: bool
    tenant: UUID | None
    intent_id: str | None
    told: Told | None


class OpenIntent(msgspec.Struct, frozen=True):
    """An intent, and the secret with which a page may pay it."""

    told: IntentTold
    client_secret: str


class Cards(Protocol):
    """The provider. Its verbs are outside of transactions, and may be repeated: each has the key of its row.

    Raise `Refused` for what is never done, `TryLater` for what was certainly not done. Anything else is ambiguous.
    """

    async def reach(self, account: ProviderAccount) -> None:
        """Ask for nothing in particular, to see whether the account lets us in."""
        ...

    async def create(self, account: ProviderAccount, payment: Payment, *, tenant: UUID) -> OpenIntent: ...

    async def retrieve(self, account: ProviderAccount, intent_id: str) -> OpenIntent: ...

    async def cancel(self, account: ProviderAccount, intent_id: str) -> IntentTold:
        """Cancel it, unless it is paid or over: what it is then."""
        ...

    async def refund(self, account: ProviderAccount, refund: Refund, *, intent_id: str) -> RefundTold: ...

    def events(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[bytes]:
        """The events of our kinds, each as it would be delivered, the newest first."""
        ...

    def intents(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[tuple[UUID | None, IntentTold]]:
        """The intents that were made since, each with the tenant that it names, the newest first."""
        ...

    def lines(self, account: ProviderAccount, *, since: datetime) -> AsyncIterator[FeeTold | PayoutTold]:
        """What the provider kept and paid out since, the newest first."""
        ...

    async def balances(self, account: ProviderAccount) -> Mapping[str, int]:
        """What the provider has of the account's, by currency: also what it does not pay out yet."""
        ...


class EventReader(Protocol):
    """Reads what a provider sends."""

    def read(self, body: bytes) -> ProviderEvent:
        """Raise `ValidationFailed` for what cannot be read."""
        ...

    def must_be_signed(self, body: bytes, header: str | None, account: ProviderAccount) -> None:
        """Raise `Unauthenticated`. Nothing is parsed."""
        ...


class ProviderAccounts(Protocol):
    """The accounts of the tenant to which the work is bound."""

    async def present(self) -> ProviderAccount:
        """The business's own if it is connected, else the platform's. Raise `FeatureDisabled` without either."""
        ...

    async def one(self, *, own: bool) -> ProviderAccount:
        """That one. Raise `FeatureDisabled` where it is not there any more."""
        ...

    async def own(self) -> ProviderAccount | None: ...

    async def is_of_ours(self) -> bool:
        """Whether there is such a tenant."""
        ...

    def takes(self, currency: str) -> bool:
        """Whether cards are charged in it."""
        ...

    def tenant(self) -> UUID:
        """Whose accounts they are."""
        ...

    def platform(self) -> ProviderAccount | None: ...
