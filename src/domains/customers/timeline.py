"""A customer's timeline: all that concerns the customer, newest first."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Protocol, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.shared.clock import Timestamp
from domains.shared.events import Recorded
from domains.shared.paging import Page, PageRequest
from domains.shared.wire import View


class TimelineKind(StrEnum):
    """What an entry tells: an event's type, a point in it written as a low line."""

    APPOINTMENT_BOOKED = "appointment_booked"
    APPOINTMENT_CANCELLED = "appointment_cancelled"
    APPOINTMENT_COMPLETED = "appointment_completed"
    APPOINTMENT_CONFIRMED = "appointment_confirmed"
    APPOINTMENT_MISSED = "appointment_missed"
    APPOINTMENT_REMINDED = "appointment_reminded"
    APPOINTMENT_UPDATED = "appointment_updated"
    CUSTOMER_ARCHIVED = "customer_archived"
    CUSTOMER_CREATED = "customer_created"
    CUSTOMER_IMPORTED = "customer_imported"
    CUSTOMER_MERGED = "customer_merged"
    CUSTOMER_RESTORED = "customer_restored"
    CUSTOMER_UNMERGED = "customer_unmerged"
    CUSTOMER_UPDATED = "customer_updated"
    INVOICE_CANCELLED = "invoice_cancelled"
    INVOICE_CREATED = "invoice_created"
    INVOICE_CREDITED = "invoice_credited"
    INVOICE_DELETED = "invoice_deleted"
    INVOICE_DEPOSIT_PAID = "invoice_deposit_paid"
    INVOICE_ISSUED = "invoice_issued"
    INVOICE_OVERDUE = "invoice_overdue"
    INVOICE_PAID = "invoice_paid"
    INVOICE_PARTIALLY_PAID = "invoice_partially_paid"
    INVOICE_REMINDED = "invoice_reminded"
    INVOICE_REOPENED = "invoice_reopened"
    NOTE_ADDED = "note_added"
    PAYMENT_CANCELLED = "payment_cancelled"
    PAYMENT_CREATED = "payment_created"
    PAYMENT_DISPUTED = "payment_disputed"
    PAYMENT_DISPUTE_CLOSED = "payment_dispute_closed"
    PAYMENT_FAILED = "payment_failed"
    PAYMENT_REFUNDED = "payment_refunded"
    PAYMENT_REFUND_FAILED = "payment_refund_failed"
    PAYMENT_SUCCEEDED = "payment_succeeded"
    QUOTE_ACCEPTED = "quote_accepted"
    QUOTE_CONVERTED = "quote_converted"
    QUOTE_CREATED = "quote_created"
    QUOTE_DELETED = "quote_deleted"
    QUOTE_EXPIRED = "quote_expired"
    QUOTE_REJECTED = "quote_rejected"
    QUOTE_REVISED = "quote_revised"
    QUOTE_SENT = "quote_sent"
    QUOTE_SUPERSEDED = "quote_superseded"
    WAITING_LIST_JOINED = "waiting_list_joined"
    WAITING_LIST_LEFT = "waiting_list_left"
    WAITING_LIST_OFFERED = "waiting_list_offered"


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One event in the timeline of one customer; what it is about is shown from where it is kept."""

    id: UUID
    customer: UUID
    kind: TimelineKind
    subject: UUID
    actor: UUID | None
    occurred_at: datetime

    @classmethod
    def of(cls, event: Recorded) -> Self:
        """An event whose data name a `customer_id` stands in that one's timeline, another in its subject's."""
        customer = event.data.get("customer_id", event.subject)
        return cls(
            id=event.id,
            customer=customer if isinstance(customer, UUID) else UUID(customer),
            kind=TimelineKind(event.type.replace(".", "_")),
            subject=event.subject,
            actor=event.actor,
            occurred_at=event.occurred_at,
        )


class TimelineEntryView(View, frozen=True):
    """An entry. `subjectId` is what it is about, such as the customer who was merged; `text` is a note's."""

    id: UUID
    kind: TimelineKind
    subject_id: UUID
    actor_id: UUID | None
    text: Annotated[str, Meta(max_length=10_000, examples=["Prefers mornings."])] | None
    occurred_at: Timestamp


class TimelineEntries(Protocol):
    """The entries of all customers of the tenant."""

    async def add(self, entry: TimelineEntry) -> None:
        """Add one; the same one again changes nothing, as does one of a customer who was erased."""
        ...

    async def add_all(self, entries: Sequence[TimelineEntry]) -> None:
        """Add many, in one statement; those of customers who were deleted or erased are left out."""
        ...


class TimelineQueries(Protocol):
    """Timelines, to be read. Needs `customers:read`."""

    async def page(self, customer: UUID, request: PageRequest) -> Page[TimelineEntryView]:
        """A page by `occurred_at`, with the entries of those who were merged into the customer. Raises `NotFound`."""
        ...


class Timeline:
    """Writes events into timelines, in the transaction in which they happen: who reads next, sees them."""

    def __init__(self, entries: TimelineEntries) -> None:
        self.entries = entries

    async def hear(self, event: Recorded) -> None:
        await self.entries.add(TimelineEntry.of(event))
