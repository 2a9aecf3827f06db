"""What happens to people's accounts."""

from domains.shared.events import Event


class CodeWanted(Event, frozen=True):
    """A registration waits for its code: it is made, and mailed, by who hears this. The subject is the registration."""

    type = "registration.code_wanted"


class TenantFounded(Event, frozen=True):
    """A registration was confirmed: there is a new tenant, with its owner. The subject is the tenant."""

    type = "tenant.founded"
