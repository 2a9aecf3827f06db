"""Statements of account: what a customer owed, what came and what was charged, and what is owed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from domains.billing import (
    LARGEST,
    AccountEntry,
    Amount,
    BillingSettings,
    DocumentNumber,
    Movement,
    Paper,
    PrintedStatement,
    Stationer,
    Typesetting,
    sound_day,
)
from domains.customers import Identities
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.errors import ValidationFailed
from domains.shared.fields import CurrencyCode, known_currency
from domains.shared.permissions import Permission
from domains.shared.wire import View
from domains.shared.work import UnitOfWork

MOST_ENTRIES = 2_000
Balance = Annotated[int, Meta(ge=-LARGEST, le=LARGEST, examples=[12500])]


class StatementEntry(View, frozen=True):
    """A movement. `change` is what it adds to what is owed, `balance` what is owed after it."""

    day: date
    movement: Movement
    number: DocumentNumber
    change: Balance
    balance: Balance


class OpenInvoice(View, frozen=True):
    """An invoice of which something is to be paid, as it stands today."""

    id: UUID
    number: DocumentNumber
    due_date: date
    amount_due: Amount
    amount_overdue: Amount
    is_overdue: bool


class StatementView(View, frozen=True):
    """A customer's account in one currency, `from` and `to` included. Balances are what the customer owes.

    `openInvoices` are those of today, and `overdue` what of them is late.
    """

    customer_id: UUID
    currency: CurrencyCode
    begin: date = msgspec.field(name="from")
    end: date = msgspec.field(name="to")
    opening_balance: Balance
    entries: Annotated[tuple[StatementEntry, ...], Meta(max_length=MOST_ENTRIES)]
    closing_balance: Balance
    open_invoices: Annotated[tuple[OpenInvoice, ...], Meta(max_length=1_000)]
    overdue: Amount


class Booked(msgspec.Struct, frozen=True):
    """A movement as it is in the ledger."""

    at: datetime
    movement: Movement
    number: str
    change: int


class CustomerAccounts(Protocol):
    """What the ledger says of customers, under all ids that one is known by. Asked inside the work."""

    async def balance(self, ids: Sequence[UUID], currency: str, *, before: datetime) -> int: ...

    async def booked(
        self, ids: Sequence[UUID], currency: str, *, since: datetime, before: datetime, most: int
    ) -> Sequence[Booked]:
        """In order, `most` at most."""
        ...

    async def open_invoices(self, ids: Sequence[UUID], currency: str) -> Sequence[OpenInvoice]:
        """By the day on which they are due, a thousand at most."""
        ...


class StatementTerms(msgspec.Struct, frozen=True):
    """What is wanted; None is the usual: the business's currency, until today, from the first day of that year."""

    currency: str | None = None
    begin: date | None = None
    end: date | None = None


class Statements:
    """Tells what customers owe."""

    def __init__(
        self, actor: Actor, accounts: CustomerAccounts, identities: Identities, settings: BillingSettings, clock: Clock,
        work: UnitOfWork,
    ) -> None:  # fmt: skip
        self.actor = actor
        self.accounts = accounts
        self.identities = identities
        self.settings = settings
        self.clock = clock
        self.work = work

    async def show(self, customer_id: UUID, terms: StatementTerms) -> StatementView:
        """Show a customer's account: what was owed, each movement since, and what is owed at the end.

        - `from` and `to` are days of the business, both included: from the first day of the year until today, unless
          said otherwise. A period with more than 2,000 movements is `validation_error`.
        - It is of one `currency`, the business's own unless said otherwise, and of everybody who was merged into the
          customer. What was paid beyond its invoice is not in it.
        - `openInvoices` and `overdue` are as of today.
        """
        self.actor.must(Permission.PAYMENTS_READ)
        async with self.work:
            ids = await self.identities.of(customer_id)
            defaults = await self.settings.defaults()
            currency = known_currency(terms.currency or defaults.currency, "currency", withdrawn=True)
            end = sound_day(terms.end, "to") or defaults.day_of(self.clock.now())
            begin = sound_day(terms.begin, "from") or end.replace(month=1, day=1)
            if end < begin:
                raise ValidationFailed.of("to", "before_from", "The end must not be before the start.")
            since, before = _midnight(begin, defaults.zone), _midnight(end + timedelta(days=1), defaults.zone)
            opening = await self.accounts.balance(ids, currency, before=since)
            most = MOST_ENTRIES + 1
            booked = await self.accounts.booked(ids, currency, since=since, before=before, most=most)
            invoices = await self.accounts.open_invoices(ids, currency)
        if len(booked) == most:
            raise ValidationFailed.of("from", "too_many", f"Expected a period of at most {MOST_ENTRIES:,} movements.")
        entries = tuple(_entries(booked, opening, defaults.zone))
        return StatementView(
            customer_id=customer_id, currency=currency, begin=begin, end=end, opening_balance=opening,
            entries=entries, closing_balance=entries[-1].balance if entries else opening,
            open_invoices=tuple(invoices), overdue=sum(each.amount_overdue for each in invoices),
        )  # fmt: skip


class StatementPrinting:
    """Makes PDFs of statements."""

    def __init__(
        self,
        actor: Actor,
        statements: Statements,
        stationer: Stationer,
        typesetting: Typesetting,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.statements = statements
        self.stationer = stationer
        self.typesetting = typesetting
        self.work = work

    async def pdf(self, customer_id: UUID, terms: StatementTerms) -> Paper:
        """Show a statement as PDF, in the customer's language. The rules are those of the statement."""
        self.actor.must(Permission.PAYMENTS_READ)
        told = await self.statements.show(customer_id, terms)
        async with self.work:
            stationery = await self.stationer.of(customer_id)
        printed = PrintedStatement(
            **stationery.sheet(told.currency), begin=told.begin, end=told.end, opening=told.opening_balance,
            entries=tuple(map(_printed, told.entries)), closing=told.closing_balance, overdue=told.overdue,
        )  # fmt: skip
        return Paper(f"statement-{told.begin}-{told.end}", await self.typesetting.statement(printed))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone)


def _entries(booked: Sequence[Booked], balance: int, zone: ZoneInfo) -> Iterator[StatementEntry]:
    for each in booked:
        balance += each.change
        day = each.at.astimezone(zone).date()
        yield StatementEntry(day=day, movement=each.movement, number=each.number, change=each.change, balance=balance)


def _printed(entry: StatementEntry) -> AccountEntry:
    return AccountEntry(day=entry.day, movement=entry.movement, number=entry.number, change=entry.change)
