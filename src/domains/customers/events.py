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


class CustomerRestored(Event, frozen=True):
    """It had been archived."""

    type = "customer.restored"


class CustomerMergedAway(Event, frozen=True):
    """`customer_id` stands for it from now on."""

    type = "customer.merged"

    customer_id: UUID


class CustomerUnmerged(Event, frozen=True):
    """`customer_id` had stood for it."""

    type = "customer.unmerged"

    customer_id: UUID


class CustomerErased(Event, frozen=True):
    """Nothing about the person is left; what refers to the customer still does."""

    type = "customer.erased"


class CustomerDeleted(Event, frozen=True):
    """The record is gone."""

    type = "customer.deleted"


class NoteAdded(Event, frozen=True):
    """A note about the customer `customer_id`."""

    type = "note.added"

    customer_id: UUID


class CustomFieldDefined(Event, frozen=True):
    """A custom field of the tenant's customers. Its label and choices are the tenant's own words, and are not told."""

    type = "customer_field.created"


class CustomFieldChanged(Event, frozen=True):
    """`fields` names what changed: the label, the type, the choices."""

    type = "customer_field.updated"

    fields: list[str]


class CustomFieldRemoved(Event, frozen=True):
    """The definition is gone; values under its key stay."""

    type = "customer_field.deleted"


class CustomersImported(Event, frozen=True):
    """Some customers came from a file, all of one part of it. The subject is the import's job."""

    type = "customer.imported"

    created: list[UUID]
    updated: list[UUID]
    requested_by: UUID
