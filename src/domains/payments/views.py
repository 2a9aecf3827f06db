"""How payments and the ledger are shown."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domains.billing import LARGEST, Amount
from domains.payments.commands import PaymentNote
from domains.payments.ledger import Account, EntryKind
from domains.payments.status import PaymentMethod, PaymentStatus, RefundReason, RefundStatus
from domains.shared.clock import Timestamp
from domains.shared.fields import CurrencyCode
from domains.shared.wire import View

ProviderId = Annotated[str, Meta(max_length=255, examples=["pi_3Nx2aB4cD5eF6gH7"])]
FailureCode = Annotated[str, Meta(max_length=100, examples=["card_declined"])]
Posted = Annotated[int, Meta(ge=-LARGEST, le=LARGEST, examples=[-12500])]


class PaymentView(View, frozen=True):
    """A payment. Amounts are in the minor unit of `currency`; `appliedAmount` is what the invoice took of it.

    `unappliedAmount` came beyond what was due, and can be refunded. `lostAmount` is what disputes took of it,
    `overdrawnAmount` what went beyond what came: a loss of the business. `eventRegistrationId` is null for what pays an
    invoice. `failureCode` is the provider's.
    """

    id: UUID
    invoice_id: UUID | None
    event_registration_id: UUID | None
    amount: Amount
    applied_amount: Amount
    unapplied_amount: Amount
    refunded_amount: Amount
    lost_amount: Amount
    overdrawn_amount: Amount
    currency: CurrencyCode
    method: PaymentMethod
    status: PaymentStatus
    intent_id: ProviderId | None
    failure_code: FailureCode | None
    note: PaymentNote | None
    received_on: date | None
    succeeded_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class RefundView(View, frozen=True):
    """A refund. `pending` until the provider has said what became of it; `failed` leaves the payment as it was."""

    id: UUID
    payment_id: UUID
    amount: Amount
    currency: CurrencyCode
    status: RefundStatus
    reason: RefundReason
    failure_code: FailureCode | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp


class IntentView(View, frozen=True):
    """What a page needs to take a card with the provider's own script. `status` is that of the payment."""

    payment_id: UUID
    intent_id: ProviderId
    client_secret: Annotated[str, Meta(max_length=500, examples=["pi_3Nx2aB4cD5eF6gH7_secret_abc"])]
    publishable_key: Annotated[str, Meta(max_length=255, examples=["pk_test_12345678"])]
    amount: Amount
    currency: CurrencyCode
    status: PaymentStatus


class PostingView(View, frozen=True):
    """`amount` is positive where the account is debited, negative where it is credited."""

    account: Account
    amount: Posted


class EntryView(View, frozen=True):
    """One movement of money. Its postings come to nothing. What the provider pays out is of no invoice."""

    id: UUID
    kind: EntryKind
    source_id: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    currency: CurrencyCode
    postings: Annotated[tuple[PostingView, ...], Meta(max_length=10)]
    occurred_at: Timestamp


class BalanceView(View, frozen=True):
    """What all postings to an account come to: what is beyond 2^53 - 1 either way is shown as that."""

    account: Account
    currency: CurrencyCode
    balance: Posted
