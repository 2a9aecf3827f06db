"""What payments refuse, beyond what every domain does."""

from domains.shared.errors import DomainError


class ProviderError(DomainError):
    """A provider did not do what it was asked, or nobody can tell. The same request again does no harm."""

    code = "provider_error"
    title = "A provider failed"


class Overrefund(DomainError):
    """More than is left of a payment."""

    code = "overrefund"
    title = "More than was paid"
