"""What happens to customers."""

from domains.shared.events import Event


class CustomerCreated(Event, frozen=True):
    type = "customer.created"


class CustomerChanged(Event, frozen=True):
    """`fields` names what changed, not what it changed to."""

    type = "customer.updated"

    fields: list[str]


class CustomerArchived(Event, frozen=True):
    type = "customer.archived"
