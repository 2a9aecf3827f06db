"""What happens to customers."""

from domains.shared.events import Event


class CustomerCreated(Event):
    type = "customer.created"


class CustomerChanged(Event):
    """`fields` names what changed, not what it changed to."""

    type = "customer.updated"

    fields: list[str]


class CustomerArchived(Event):
    type = "customer.archived"
