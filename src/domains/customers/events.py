"""What happens to customers."""

from uuid import UUID

from domains.shared.events import Event, FieldsChanged


class OfCustomer(Event, frozen=True):
    """Something of the customer `customer_id`, in whose timeline it stands if it is shown in one."""

    customer_id: UUID


class CustomerCreated(Event, frozen=True):
    type = "customer.created"


class CustomerChanged(FieldsChanged, frozen=True):
    type = "customer.updated"


class CustomerArchived(Event, frozen=True):
    type = "customer.archived"


class CustomerRestored(Event, frozen=True):
    """It had been archived."""

    type = "customer.restored"


class CustomerMergedAway(OfCustomer, frozen=True):
    """`customer_id` stands for it from now on."""

    type = "customer.merged"


class CustomerUnmerged(OfCustomer, frozen=True):
    """`customer_id` had stood for it."""

    type = "customer.unmerged"


class CustomerErased(Event, frozen=True):
    """Nothing about the person is left; what refers to the customer still does."""

    type = "customer.erased"


class CustomerDeleted(Event, frozen=True):
    """The record is gone."""

    type = "customer.deleted"


class NoteAdded(OfCustomer, frozen=True):
    type = "note.added"


class CustomFieldDefined(Event, frozen=True):
    """A custom field of the tenant's customers. Its label and choices are the tenant's own words, and are not told."""

    type = "customer_field.created"


class CustomFieldChanged(FieldsChanged, frozen=True):
    type = "customer_field.updated"


class CustomFieldRemoved(Event, frozen=True):
    """The definition is gone; values under its key stay."""

    type = "customer_field.deleted"


class CustomersImported(Event, frozen=True):
    """Some customers came from a file, all of one part of it. The subject is the import's job."""

    type = "customer.imported"

    created: list[UUID]
    updated: list[UUID]
    requested_by: UUID
