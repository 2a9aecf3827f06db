"""What happens to people's accounts."""

from domains.shared.events import Event


class CodeWanted(Event, frozen=True):
    """A registration waits for its code: it is made, and mailed, by who hears this. The subject is the registration."""

    type = "registration.code_wanted"


class MemberJoined(Event, frozen=True):
    """A person became a user of a tenant that was there. The subject is the user."""

    type = "user.joined"


class TwoFactorChanged(Event, frozen=True):
    """A second factor was set up, taken away, or given new recovery codes. The subject is the account."""

    type = "account.two_factor_changed"


class TenantFounded(Event, frozen=True):
    """A registration was confirmed: there is a new tenant, with its owner. The subject is the tenant."""

    type = "tenant.founded"
