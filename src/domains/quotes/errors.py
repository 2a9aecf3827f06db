"""What quotes refuse, beyond what every domain does."""

from domains.shared.errors import Expired


class OfferOver(Expired):
    """Its last day is over, or it was taken back."""
