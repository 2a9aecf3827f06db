"""What happens to customers."""

from uuid import UUID

from domains.shared.events import Event


class CustomerCreated(Event, frozen=True):
    type = "customer.created"


class CustomerChanged(Event, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "customer.updated"

    fields: list[str]


class CustomerArchived(Event, frozen=True):
    type = "customer.archived"


class NoteAdded(Event, frozen=True):
    """A note about the customer `customer_id`."""

    type = "note.added"

    customer_id: UUID


class CustomersImported(Event, frozen=True):
    """Some customers came from a file, all of one part of it. The subject is the import's job."""

    type = "customer.imported"

    created: list[UUID]
    updated: list[UUID]
    requested_by: UUID
