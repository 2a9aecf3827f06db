"""What identity refuses, beyond what every domain does."""

from domains.shared.errors import DomainError


class AccountSuspended(DomainError):
    """The person is known, and suspended in this tenant; or the tenant is."""

    code = "account_suspended"
    title = "The account is suspended"


class EmailNotVerified(DomainError):
    """The password is right, the address has not been confirmed yet."""

    code = "email_not_verified"
    title = "The e-mail address is not verified yet"
