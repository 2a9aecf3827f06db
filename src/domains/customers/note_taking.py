"""Notes about a customer, one after another, each with its author and time."""

from datetime import datetime
from typing import Annotated, Protocol, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.customers.at_hand import at_hand
from domains.customers.events import NoteAdded
from domains.customers.ports import Customers
from domains.shared.actor import Actor
from domains.shared.audit import Note as AuditNote
from domains.shared.clock import Clock, Timestamp
from domains.shared.fields import MANY_LINES, trimmed
from domains.shared.idempotency import idempotent
from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from domains.shared.wire import Command, View, shown
from domains.shared.work import UnitOfWork

NoteText = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=MANY_LINES, examples=["Prefers mornings."])]


class AddNote(Command, frozen=True):
    """The text of a note."""

    text: NoteText


class CustomerNote(msgspec.Struct, frozen=True, kw_only=True):
    """What a user wrote down about a customer."""

    id: UUID
    customer_id: UUID
    author_id: UUID
    text: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def write(cls, text: str, *, customer: UUID, author: UUID, now: datetime) -> Self:
        """Raise `ValidationFailed` where nothing but blanks is left of `text`."""
        text = trimmed(text, "text", shortest=1)
        return cls(
            id=new_id(), customer_id=customer, author_id=author, text=text, version=1, created_at=now, updated_at=now
        )


class CustomerNoteView(View, frozen=True):
    """A note."""

    id: UUID
    customer_id: UUID
    author_id: UUID
    text: NoteText
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, note: CustomerNote) -> Self:
        return shown(cls, note)


class CustomerNotes(Protocol):
    """The notes about the tenant's customers."""

    async def add(self, note: CustomerNote) -> None: ...


class NoteTaking:
    """Takes notes about customers."""

    def __init__(
        self, actor: Actor, customers: Customers, notes: CustomerNotes, clock: Clock, work: UnitOfWork
    ) -> None:
        self.actor = actor
        self.customers = customers
        self.notes = notes
        self.clock = clock
        self.work = work

    @idempotent
    async def add(self, customer_id: UUID, order: AddNote) -> CustomerNote:
        """Add a note to a customer, archived or not.

        - It appears in the customer's timeline at once.
        - The customer's own version stays as it is.
        - Whoever was merged into another customer takes no notes: `customer_merged`.
        """
        self.actor.must(Permission.CUSTOMERS_WRITE)
        async with self.work:
            customer = await at_hand(self.customers, customer_id, expected=None)
            note = CustomerNote.write(order.text, customer=customer.id, author=self.actor.user, now=self.clock.now())
            await self.notes.add(note)
            self.work.record(NoteAdded(subject=note.id, customer_id=customer.id))
            self.work.note(AuditNote(action="note.added", subject=note.id, after=note))
            return self.work.result(note)
