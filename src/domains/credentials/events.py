"""What happens to what people sign in with."""

from domains.shared.events import Event


class EmailChangeWanted(Event, frozen=True):
    """Somebody asked for another address. The subject is the account."""

    type = "account.email_change_wanted"


class EmailChanged(Event, frozen=True):
    """Both addresses have confirmed: the account has the new one. The subject is the account."""

    type = "account.email_changed"


class PasswordChanged(Event, frozen=True):
    """A password was changed or reset. The subject is the account."""

    type = "account.password_changed"


class ResetWanted(Event, frozen=True):
    """Somebody asked to reset a password. The subject is the account, or nothing at all where the address has none."""

    type = "account.reset_wanted"
