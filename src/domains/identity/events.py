"""What happens to people's accounts."""

from domains.shared.events import Event


class CodeWanted(Event, frozen=True):
    """A registration waits for its code: it is made, and mailed, by who hears this. The subject is the registration."""

    type = "registration.code_wanted"


class EmailChangeWanted(Event, frozen=True):
    """Somebody asked for another address. The subject is the account."""

    type = "account.email_change_wanted"


class EmailChanged(Event, frozen=True):
    """Both addresses have confirmed: the account has the new one. The subject is the account."""

    type = "account.email_changed"


class InvitationMade(Event, frozen=True):
    """An invitation is to be mailed, for the first time or again. The subject is the invitation."""

    type = "invitation.made"


class MemberJoined(Event, frozen=True):
    """A person became a user of a tenant that was there. The subject is the user."""

    type = "user.joined"


class PasswordChanged(Event, frozen=True):
    """A password was changed or reset. The subject is the account."""

    type = "account.password_changed"


class ResetWanted(Event, frozen=True):
    """Somebody asked to reset a password. The subject is the account, or nothing at all where the address has none."""

    type = "account.reset_wanted"


class TwoFactorChanged(Event, frozen=True):
    """A second factor was set up, taken away, or given new recovery codes. The subject is the account."""

    type = "account.two_factor_changed"


class TenantFounded(Event, frozen=True):
    """A registration was confirmed: there is a new tenant, with its owner. The subject is the tenant."""

    type = "tenant.founded"
