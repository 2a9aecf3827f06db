"""Keeping what is charged again and again, and making its invoices when their days come."""

import copy
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from domains.billing import BillingSettings, Drafts, reachable, standing_for
from domains.invoices.events import (
    RecurringInvoiceChanged,
    RecurringInvoiceCreated,
    RecurringInvoiceDeleted,
)
from domains.invoices.issuing import InvoiceIssuing
from domains.invoices.recurrence import (
    ChangeRecurringInvoice,
    ChangeRecurringInvoiceStatus,
    CreateRecurringInvoice,
    RecurringInvoice,
    RecurringStatus,
)
from domains.invoices.recurring_ports import RecurringInvoices
from domains.invoices.sending import MAIL_INVOICE
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import NotFound
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork

MAKE_INVOICE = "invoices.recur"


class Planning:
    """A step of others, inside their work: the due row of the next invoice."""

    def __init__(self, settings: BillingSettings, work: UnitOfWork) -> None:
        self.settings = settings
        self.work = work

    async def plan(self, recurring: RecurringInvoice) -> None:
        """Have the next one made when its day begins for the business, unless that is planned already."""
        at = recurring.starts_at((await self.settings.defaults()).zone)
        if at is not None and at != recurring.planned_at:
            self.work.later(MAKE_INVOICE, recurring.id, at=at)
            recurring.planned_at = at


class RecurringKeeping:
    """Keeps what is charged again and again."""

    def __init__(
        self,
        actor: Actor,
        recurring: RecurringInvoices,
        drafts: Drafts,
        planning: Planning,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.actor = actor
        self.recurring = recurring
        self.drafts = drafts
        self.planning = planning
        self.clock = clock
        self.work = work

    @idempotent
    async def create(self, order: CreateRecurringInvoice) -> RecurringInvoice:
        """Charge a customer again and again.

        - An invoice is made when its day begins in the business's time zone, once for each date: none is left out and
          none made twice, however long the service was away. With `sends` it is sent and mailed, else it is a draft.
        - Dates are counted from `startsOn`: of the 31st, months that are shorter have their last day.
        - Taxes are those that the items bear now.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            recurring = await self.drafts.begin(RecurringInvoice, order)
            await self.planning.plan(recurring)
            await self.recurring.add(recurring)
            self.work.record(RecurringInvoiceCreated.about(recurring))
            self.work.note(Note(action="recurring_invoice.created", subject=recurring.id, after=recurring))
            return self.work.result(recurring)

    async def change(
        self, recurring_id: UUID, order: ChangeRecurringInvoice, *, expected: Collection[int] | None
    ) -> RecurringInvoice:
        """Change what is charged from the next invoice on.

        - An absent field stays as it is; `null` clears it; `items` are replaced whole. Its dates stay, but for their
          end.
        - What has ended is `invalid_transition`.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            recurring = await self._current(recurring_id, expected)
            before = copy.copy(recurring)
            changed = await self.drafts.revise(recurring, order)
            if changed:
                await self._keep(before, recurring, changed)
        return recurring

    async def move(
        self, recurring_id: UUID, order: ChangeRecurringInvoiceStatus, *, expected: Collection[int] | None
    ) -> RecurringInvoice:
        """Pause it, go on with it, or end it for good.

        - Dates that went by while it was paused are left out. What has ended is `invalid_transition`.
        - The status that it has already changes nothing.
        """
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            recurring = await self._current(recurring_id, expected)
            if order.status is recurring.status:
                return recurring
            before, now = copy.copy(recurring), self.clock.now()
            match order.status:
                case RecurringStatus.ACTIVE:
                    recurring.resume(now=now, today=(await self.planning.settings.defaults()).day_of(now))
                case RecurringStatus.PAUSED:
                    recurring.pause(now=now)
                case _:
                    recurring.end(now=now)
            await self._keep(before, recurring, ["status"])
        return recurring

    async def delete(self, recurring_id: UUID, *, expected: Collection[int] | None) -> None:
        """Delete one of which no invoice was made. Any other is ended: `invalid_transition`."""
        self.actor.must(Permission.INVOICES_WRITE)
        async with self.work:
            recurring = await self._current(recurring_id, expected)
            recurring.must_be_unused()
            await self.recurring.remove(recurring.id)
            self.work.record(RecurringInvoiceDeleted.about(recurring))
            self.work.note(Note(action="recurring_invoice.deleted", subject=recurring.id, before=recurring))

    async def _current(self, recurring_id: UUID, expected: Collection[int] | None) -> RecurringInvoice:
        recurring = await self.recurring.for_change(recurring_id)
        must_be_current(recurring.version, expected)
        return recurring

    async def _keep(self, before: RecurringInvoice, recurring: RecurringInvoice, changed: list[str]) -> None:
        await self.planning.plan(recurring)
        await self.recurring.save(recurring)
        told = RecurringInvoiceChanged.about(recurring, fields=changed)
        self.work.record(told)
        self.work.note(Note(action=told.type, subject=recurring.id, before=before, after=recurring))


class Recurring:
    """Makes invoices when their days come."""

    def __init__(
        self,
        recurring: RecurringInvoices,
        issuing: InvoiceIssuing,
        planning: Planning,
        clock: Clock,
        work: UnitOfWork,
    ) -> None:
        self.recurring = recurring
        self.issuing = issuing
        self.planning = planning
        self.clock = clock
        self.work = work

    async def make(self, recurring_id: UUID) -> None:
        """Make the invoice of the date that has come, and plan the next.

        Where the business has moved to the west, the day begins later. What nobody is there any more to be charged for
        ends.
        """
        now = self.clock.now()
        async with self.work:
            recurring = await self.recurring.find(recurring_id)
            if recurring is None or recurring.planned_at != now:
                return
            recurring.planned_at = None
            zone = (await self.planning.settings.defaults()).zone
            begins = recurring.starts_at(zone)
            if begins is not None and begins <= now:
                await self._make(recurring, now)
            await self.planning.plan(recurring)
            await self.recurring.save(recurring)

    async def _make(self, recurring: RecurringInvoice, now: datetime) -> None:
        try:
            customer = await standing_for(self.issuing.customers, recurring.customer_id)
        except NotFound:
            recurring.end(now=now)
            return
        invoice = recurring.invoice(customer.id, now=now)
        await self.issuing.draft(invoice)
        if recurring.sends:
            await self.issuing.issue(invoice, now=now)
            self.work.note(Note(action="invoice.issued", subject=invoice.id, after=invoice))
            if await reachable(self.issuing.customers, customer.id):
                self.work.later(MAIL_INVOICE, invoice.id, at=now)
