"""What quotes refuse, beyond what every domain does."""

from domains.shared.errors import Expired


class OfferOver(Expired):
    """Its last day is over, or it was taken back. Where a later version took its place, `newer_url` leads to that."""

    def __init__(self, detail: str, *, newer_url: str | None = None) -> None:
        super().__init__(detail)
        self.newer_url = newer_url
