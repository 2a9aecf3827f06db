"""What payments need from the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from domains.payments.disputes import Dispute
from domains.payments.ledger import Account, EntryKind
from domains.payments.model import Payment, Refund
from domains.payments.status import PaymentMethod, PaymentStatus
from domains.payments.views import BalanceView, EntryView, PaymentView, RefundView
from domains.shared.paging import Page, PageRequest


class PaymentFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which payments are wanted. `created_from` is included, `created_before` is not."""

    status: PaymentStatus | None = None
    method: PaymentMethod | None = None
    invoice_id: UUID | None = None
    customer_id: UUID | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None


class LedgerFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries are wanted. `occurred_from` is included, `occurred_before` is not."""

    account: Account | None = None
    kind: EntryKind | None = None
    currency: str | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    occurred_from: datetime | None = None
    occurred_before: datetime | None = None


class Payments(Protocol):
    """The tenant's payments, to be changed. An invoice is locked before its payments."""

    async def add(self, payment: Payment) -> None: ...

    async def read(self, payment_id: UUID) -> Payment | None:
        """The payment as it stands, not locked."""
        ...

    async def by_intent(self, intent_id: str) -> Payment | None:
        """The same, by the provider's id."""
        ...

    async def for_change(self, payment_id: UUID) -> Payment:
        """The payment, locked until the work ends. Raises `NotFound`."""
        ...

    async def open_of(self, invoice_id: UUID) -> Payment | None:
        """The one payment by card of the invoice that may still become money, locked."""
        ...

    async def save(self, payment: Payment) -> None: ...

    async def is_first(self) -> bool:
        """Whether reconciling begins with this work: true once for a tenant."""
        ...

    async def is_asking(self) -> bool:
        """Whether the provider was asked for an intent whose id is not known."""
        ...

    async def add_refund(self, refund: Refund) -> None: ...

    async def refund(self, refund_id: UUID) -> Refund | None:
        """The refund as it stands; whoever changes it has its payment locked."""
        ...

    async def refund_told(self, refund_id: str) -> Refund | None:
        """By the provider's id."""
        ...

    async def save_refund(self, refund: Refund) -> None: ...

    async def dispute(self, dispute_id: str) -> Dispute | None:
        """By the provider's id; whoever changes it has its payment locked."""
        ...

    async def save_dispute(self, dispute: Dispute) -> None:
        """Add it, or change what is there."""
        ...

    async def is_disputed(self, payment_id: UUID) -> bool:
        """Whether a dispute of it is open, or was lost."""
        ...

    async def raise_doubt(self, subject: UUID) -> None:
        """List a payment or refund of which nobody can tell what the provider did, for operators."""
        ...


class PaymentQueries(Protocol):
    """The tenant's payments and ledger, to be read. Needs `payments:read`."""

    async def one(self, payment_id: UUID) -> PaymentView:
        """The payment. Raises `NotFound`."""
        ...

    async def page(self, wanted: PaymentFilter, request: PageRequest) -> Page[PaymentView]:
        """A page by `created_at`, ties broken by id."""
        ...

    async def of_invoice(self, invoice_id: UUID, request: PageRequest) -> Page[PaymentView]:
        """The same of one invoice. Raises `NotFound`."""
        ...

    async def refund(self, refund_id: UUID) -> RefundView:
        """Raises `NotFound`."""
        ...

    async def refunds(self, payment_id: UUID, request: PageRequest) -> Page[RefundView]:
        """A page by `created_at`, ties broken by id. Raises `NotFound`."""
        ...

    async def ledger(self, wanted: LedgerFilter, request: PageRequest) -> Page[EntryView]:
        """A page by `occurred_at`, ties broken by id."""
        ...

    async def balances(self, *, before: datetime | None) -> Sequence[BalanceView]:
        """What each account comes to in each currency, of all that occurred `before`."""
        ...
