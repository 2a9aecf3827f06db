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


class TwoFactorRequired(DomainError):
    """The password is right, and the account has a second factor: `methods` says which."""

    code = "two_factor_required"
    title = "A second factor is needed"
    methods: tuple[str, ...] = ("totp", "recovery_code")

    def __init__(self) -> None:
        super().__init__("Sign in again with a code of your second factor, or a recovery code, as `code`.")
