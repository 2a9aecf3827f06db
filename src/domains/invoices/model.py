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

    `deposit_due` is what is due of the deposit: what was credited comes off the rest first. `deposit_paid_at` is when
    it was first paid whole; `deposit_overdue`: its day is over, but not the last one. `reopened_at` is when a refund
    made a paid one due again: that is no reason to dun. `reminders` counts those sent for the day that is over.
    """

    status: InvoiceStatus = InvoiceStatus.DRAFT
    quote_id: UUID | None = None
    recurring_id: UUID | None = None
    period: date | None = None
    due_date: date | None = None
    deposit_due_date: date | None = None
    deposit_due: int = 0
    deposit_paid_at: datetime | None = None
    deposit_overdue: bool = False
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
        invoice.quote_id, invoice.deposit = quote.id, quote.deposit
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
        return self.is_open and (not self.is_overdue or self.deposit_overdue) and self.reopened_at is None

    @property
    def ends_on(self) -> date | None:
        """The day at whose end more of it is late: the deposit's while that was never paid, else the last one."""
        return self.deposit_due_date if self._awaits_deposit else self.due_date

    @property
    def late_since(self) -> date | None:
        """Of one that is overdue, the day that is over."""
        return self.deposit_due_date if self.deposit_overdue else self.due_date

    @property
    def deposit_paid(self) -> int:
        return min(self.amount_paid, self.deposit_amount)

    @property
    def amount_open(self) -> int:
        """What is to be paid of it: nothing of a draft, and of what is over."""
        return self.amount_due if self.is_open else 0

    @property
    def amount_asked(self) -> int:
        """What is to be paid next: what is due of the deposit, then the rest; all of it once the last day is over."""
        return self.deposit_due if self.is_open and self.asks_deposit else self.amount_open

    @property
    def amount_overdue(self) -> int:
        return self.amount_asked if self.is_overdue else 0

    @property
    def asks_deposit(self) -> bool:
        """Whether what is to be paid next is the deposit."""
        return self.deposit_due > 0 and (self.deposit_overdue or not self.is_overdue)

    def add_up(self, *, capped: bool = False) -> None:
        """Reckon its sums from its items, and what is due."""
        super().add_up(capped=capped)
        self._reckon()

    def must_be_sendable(self, *, today: date) -> None:
        """Raise `ValidationFailed` where nothing is charged, `DeadlinePassed` where it would be late at once."""
        self.must_be_draft()
        if not self.items:
            raise ValidationFailed.of("items", "required", "An invoice has an item at least.")
        if not self.deposit_amount:
            self.deposit_due_date = None
        for day in (self.deposit_due_date, self.due_date):
            if day is not None and day < today:
                raise DeadlinePassed(f"It was due on {day.isoformat()}.")

    def issue(self, number: str, link: bytes, *, today: date, payment_days: int, now: datetime) -> None:
        """Send it, under the number and the link that it keeps. Where it comes to nothing, nothing is to be paid."""
        self.number, self.link, self.sent_at = number, link, now
        self.due_date = self.due_date or today + timedelta(days=payment_days)
        if self.deposit_amount:
            self.deposit_due_date = self.deposit_due_date or today
            if self.deposit_due_date > self.due_date:
                message = f"The rest is due on {self.due_date.isoformat()}."
                raise ValidationFailed.of("depositDueDate", "out_of_range", message)
        self._follow_money(now)

    def cancel(self, *, now: datetime) -> None:
        """Void it; it keeps its number. `InvalidTransition` once something was paid or credited."""
        if not self.is_open or self.amount_paid or self.amount_credited:
            raise InvalidTransition("Only a sent invoice is cancelled, of which nothing was paid or credited.")
        self.status, self.cancelled_at, self.deposit_overdue = InvoiceStatus.CANCELLED, now, False
        self.touch(now)

    def fall_due(self, *, now: datetime) -> None:
        """The day went by on which it ends, or its deposit does: then reminders begin anew."""
        if not self.may_fall_due:
            raise InvalidTransition(f"It is {self.status.value}.")
        self.deposit_overdue, self.reminders = self._awaits_deposit, 0
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
            if not self.is_overdue or (self.deposit_overdue and not self.deposit_due):
                self.status = InvoiceStatus.PARTIALLY_PAID if self.amount_paid else InvoiceStatus.SENT
        self.deposit_overdue = self.deposit_overdue and self.is_overdue
        if self.deposit_amount and self.deposit_paid == self.deposit_amount:
            self.deposit_paid_at = self.deposit_paid_at or now
        self.touch(now)

    def _reckon(self) -> None:
        self.amount_due = self.total - self.amount_credited - self.amount_paid
        self.deposit_due = min(self.amount_due, max(0, self.deposit_amount - self.amount_paid))

    @property
    def _awaits_deposit(self) -> bool:
        """Whether its deposit was never paid, and falls due before the rest."""
        if self.deposit_overdue or self.deposit_paid_at or not self.deposit_due:
            return False
        return self.deposit_due_date is not None and self.deposit_due_date != self.due_date


def _counts(item: Item) -> bool:
    return item.counts


def _charged(item: Item) -> Item:
    return msgspec.structs.replace(item, optional=False, selected=True)
