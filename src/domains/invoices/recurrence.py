"""What is charged again and again."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from itertools import count, islice, takewhile
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from msgspec import UNSET, Meta, UnsetType

from domains.billing import DocumentDefaults, Draft, Priced, Revision
from domains.invoices.model import Invoice
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.wire import Command

_SHOWN = 5
_LAST_TURN = 10_000


class Period(StrEnum):
    """What lies between two invoices."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class RecurringStatus(StrEnum):
    """Whether invoices are made. What has ended stays so."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


_LENGTH = {
    Period.WEEK: relativedelta(weeks=1),
    Period.MONTH: relativedelta(months=1),
    Period.QUARTER: relativedelta(months=3),
    Period.YEAR: relativedelta(years=1),
}
Interval = Annotated[int, Meta(ge=1, le=52)]
PaymentDays = Annotated[int, Meta(ge=0, le=365, examples=[14])]


class CreateRecurringInvoice(Draft, frozen=True, kw_only=True):
    """What is charged from `startsOn` until `endsOn`, both included, once in `interval` periods.

    `sends`: each invoice is sent and mailed; without it, it stays a draft. `paymentDays` are the business's own unless
    they are given.
    """

    every: Annotated[Period, Meta(examples=["month"])]
    starts_on: date
    interval: Interval = 1
    ends_on: date | None = None
    sends: bool = False
    payment_days: PaymentDays | None = None


class ChangeRecurringInvoice(Revision, frozen=True, kw_only=True):
    """What to change from the next invoice on: an absent field stays as it is, `null` clears it."""

    ends_on: date | UnsetType | None = UNSET
    sends: bool | UnsetType = UNSET
    payment_days: PaymentDays | UnsetType | None = UNSET


class ChangeRecurringInvoiceStatus(Command, frozen=True):
    """`paused`, `active` again, or `ended`."""

    status: Annotated[RecurringStatus, Meta(examples=["paused"])]


class RecurringInvoice(Priced, kw_only=True):
    """A plan by which invoices are made. `turn` counts the dates that went by; `next_on` is the next one.

    `planned_at` is the time of the due row that makes the next one: any other has been overtaken.
    """

    status: RecurringStatus = RecurringStatus.ACTIVE
    every: Period
    interval: int
    starts_on: date
    ends_on: date | None
    turn: int = 0
    next_on: date | None = None
    planned_at: datetime | None = None
    made: int = 0
    sends: bool
    payment_days: int | None

    @classmethod
    def draft(cls, order: Draft, defaults: DocumentDefaults, *, now: datetime) -> Self:
        """A plan as ordered, from today on at the earliest."""
        plan = super().draft(order, defaults, now=now)
        if plan.starts_on < defaults.day_of(now):
            raise ValidationFailed.of("startsOn", "out_of_range", "Expected today or later.")
        return plan

    @property
    def is_active(self) -> bool:
        return self.status is RecurringStatus.ACTIVE

    @property
    def upcoming(self) -> Sequence[date]:
        """The next dates, five at most; of a paused one none."""
        return tuple(islice(self._dates(), _SHOWN)) if self.is_active else ()

    def revise(self, order: Revision, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. `InvalidTransition` once it has ended."""
        self._must_go_on()
        return super().revise(order, defaults, now=now)

    def add_up(self) -> None:
        """Reckon what each comes to, and when the next one is. `ValidationFailed` for nothing, and for no time."""
        if not self.items:
            raise ValidationFailed.of("items", "required", "An invoice has an item at least.")
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValidationFailed.of("endsOn", "out_of_range", "Expected the first day, or a later one.")
        super().add_up()
        self._find_next()

    def pause(self, *, now: datetime) -> None:
        """Make none until it is active again."""
        self._become(RecurringStatus.PAUSED, now)

    def resume(self, *, now: datetime, today: date) -> None:
        """Go on with the first date that is not over: those that went by in the meantime are left out."""
        self._become(RecurringStatus.ACTIVE, now)
        while self.next_on is not None and self.next_on < today:
            self._advance()

    def end(self, *, now: datetime) -> None:
        self._become(RecurringStatus.ENDED, now)
        self.next_on = None

    def starts_at(self, zone: ZoneInfo) -> datetime | None:
        """When the day of the next invoice begins in `zone`; None where there is none."""
        if self.next_on is None or not self.is_active:
            return None
        return datetime.combine(self.next_on, time.min, zone)

    def invoice(self, customer_id: UUID, *, now: datetime) -> Invoice:
        """The draft of the next date, which is then over."""
        day = self.next_on
        if day is None:
            raise InvalidTransition("It has ended.")
        due = day + relativedelta(days=self.payment_days) if self.payment_days is not None else None
        invoice = Invoice.at_prices_of(self, customer_id, now=now)
        invoice.recurring_id, invoice.period, invoice.due_date = self.id, day, due
        invoice.add_up()
        self.made += 1
        self._advance()
        self.touch(now)
        return invoice

    def must_be_unused(self) -> None:
        """Raise `InvalidTransition` once it has made an invoice."""
        if self.made:
            raise InvalidTransition("It has made invoices: end it.")

    def _dates(self) -> Iterator[date]:
        days = (self._on(turn) for turn in count(self.turn))
        return takewhile(lambda day: self.ends_on is None or day <= self.ends_on, days)

    def _on(self, turn: int) -> date:
        """Counted from the first date each time, so that the 31st comes back after a short month."""
        return self.starts_on + _LENGTH[self.every] * (turn * self.interval)

    def _advance(self) -> None:
        self.turn += 1
        self._find_next()

    def _find_next(self) -> None:
        self.next_on = next(self._dates(), None) if self.turn < _LAST_TURN else None
        if self.next_on is None:
            self.status = RecurringStatus.ENDED

    def _must_go_on(self) -> None:
        if self.status is RecurringStatus.ENDED:
            raise InvalidTransition("It has ended.")

    def _become(self, status: RecurringStatus, now: datetime) -> None:
        self._must_go_on()
        self.status = status
        self.touch(now)
