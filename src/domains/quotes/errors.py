"""What quotes refuse, beyond what every domain does."""

from domains.shared.errors import DomainError


class OfferOver(DomainError):
    """Its last day is over, or it was taken back."""

    code = "expired"
    title = "It is no longer good"
