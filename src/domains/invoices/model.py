"""An invoice: what a customer is asked to pay."""

from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

import msgspec

from domains.billing import Document, Item, Priced
from domains.invoices.errors import InvoiceGone, Overpayment
from domains.invoices.status import InvoiceStatus
from domains.quotes import Quote
from domains.shared.errors import DeadlinePassed, InvalidTransition, ValidationFailed
from domains.shared.ids import new_id

_OPEN = frozenset({InvoiceStatus.SENT, InvoiceStatus.PARTIALLY_PAID, InvoiceStatus.OVERDUE})


class Invoice(Document, kw_only=True):
    """A claim on a customer. `amount_due` is `total` less what was credited and what was paid, net of refunds.

    `reopened_at` is when a refund made a paid one due again: that is no reason to dun. `reminders` counts those sent.
    """

    status: InvoiceStatus = InvoiceStatus.DRAFT
    quote_id: UUID | None = None
    recurring_id: UUID | None = None
    period: date | None = None
    due_date: date | None = None
    amount_paid: int = 0
    amount_credited: int = 0
    amount_due: int = 0
    paid_at: datetime | None = None
    reopened_at: datetime | None = None
    cancelled_at: datetime | None = None
    reminders: int = 0

    @classmethod
    def at_prices_of(cls, source: Priced, customer_id: UUID, *, now: datetime) -> Self:
        """A draft of the same items, not added up."""
        return cls(
            id=new_id(), customer_id=customer_id, currency=source.currency,
            prices_include_tax=source.prices_include_tax, items=source.items, discount=source.discount,
            notes=source.notes, terms=source.terms, created_at=now, updated_at=now,
        )  # fmt: skip

    @classmethod
    def charging(cls, quote: Quote, customer_id: UUID, *, now: datetime) -> Self:
        """A draft of what was accepted: the items that count, at its prices, to its total."""
        invoice = cls.at_prices_of(quote, customer_id, now=now)
        invoice.quote_id = quote.id
        invoice.items = tuple(map(_charged, filter(_counts, quote.items)))
        invoice.add_up(capped=True)
        return invoice

    @property
    def issued_at(self) -> datetime | None:
        return self.sent_at

    @property
    def is_open(self) -> bool:
        """Whether it is sent and something is due."""
        return self.status in _OPEN

    @property
    def is_paid(self) -> bool:
        return self.status is InvoiceStatus.PAID

    @property
    def is_overdue(self) -> bool:
        return self.status is InvoiceStatus.OVERDUE

    @property
    def may_fall_due(self) -> bool:
        return self.is_open and not self.is_overdue and self.reopened_at is None

    def add_up(self, *, capped: bool = False) -> None:
        """Reckon its sums from its items, and what is due."""
        super().add_up(capped=capped)
        self._reckon()

    def must_be_sendable(self, *, today: date) -> None:
        """Raise `ValidationFailed` where nothing is charged, `DeadlinePassed` where it would be late at once."""
        self.must_be_draft()
        if not self.items:
            raise ValidationFailed.of("items", "required", "An invoice has an item at least.")
        if self.due_date is not None and self.due_date < today:
            raise DeadlinePassed(f"It was due on {self.due_date.isoformat()}.")

    def issue(self, number: str, link: bytes, *, today: date, payment_days: int, now: datetime) -> None:
        """Send it, under the number and the link that it keeps. Where it comes to nothing, nothing is to be paid."""
        self.number, self.link, self.sent_at = number, link, now
        self.due_date = self.due_date or today + timedelta(days=payment_days)
        self._follow_money(now)

    def cancel(self, *, now: datetime) -> None:
        """Void it; it keeps its number. `InvalidTransition` once something was paid or credited."""
        if not self.is_open or self.amount_paid or self.amount_credited:
            raise InvalidTransition("Only a sent invoice is cancelled, of which nothing was paid or credited.")
        self.status, self.cancelled_at = InvoiceStatus.CANCELLED, now
        self.touch(now)

    def fall_due(self, *, now: datetime) -> None:
        """Its last day went by."""
        if not self.may_fall_due:
            raise InvalidTransition(f"It is {self.status.value}.")
        self.status = InvoiceStatus.OVERDUE
        self.touch(now)

    def remind(self, *, now: datetime) -> None:
        """Count a reminder."""
        self.reminders += 1
        self.touch(now)

    def receive(self, amount: int, *, now: datetime) -> None:
        """Take a payment. `Overpayment` for more than is due; `InvalidTransition` unless it is sent."""
        self._must_be_open(amount)
        self.amount_paid += amount
        self._follow_money(now)

    def credit(self, amount: int, *, now: datetime) -> None:
        """Give up a part of it. `Overpayment` for more than is due; `InvalidTransition` unless it is sent."""
        self._must_be_open(amount)
        self.amount_credited += amount
        self._follow_money(now)

    def take_back(self, amount: int, *, now: datetime) -> None:
        """Count a refund: what was paid is due again, and a paid invoice is not dunned for it.

        `ValidationFailed` for more than was paid.
        """
        if not 0 < amount <= self.amount_paid:
            raise ValidationFailed.of("amount", "too_large", f"Expected 1 to {self.amount_paid}: so much was paid.")
        if self.is_paid:
            self.reopened_at = now
        self.amount_paid -= amount
        self._follow_money(now)

    def must_be_shown(self) -> None:
        """Raise `InvoiceGone` where its customer was erased."""
        if self.link is None:
            raise InvoiceGone("It is not shown any more.")

    def _must_be_open(self, amount: int) -> None:
        if not self.is_open and not self.is_paid:
            raise InvalidTransition(f"It is {self.status.value}.")
        if amount > self.amount_due:
            raise Overpayment(f"Only {self.amount_due} is due.")

    def _follow_money(self, now: datetime) -> None:
        self._reckon()
        if not self.amount_due:
            self.status, self.paid_at, self.reopened_at = InvoiceStatus.PAID, now, None
        else:
            self.paid_at = None
            if not self.is_overdue:
                self.status = InvoiceStatus.PARTIALLY_PAID if self.amount_paid else InvoiceStatus.SENT
        self.touch(now)

    def _reckon(self) -> None:
        self.amount_due = self.total - self.amount_credited - self.amount_paid


def _counts(item: Item) -> bool:
    return item.counts


def _charged(item: Item) -> Item:
    return msgspec.structs.replace(item, optional=False, selected=True)
