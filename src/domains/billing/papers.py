"""What documents need to become papers: whose they are, and for whom."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from domains.billing.addressees import standing_for
from domains.billing.defaults import BillingSettings
from domains.billing.document import Document
from domains.billing.numbering import DocumentKind
from domains.billing.printing import Letterhead, Party, PrintedDocument, party_of
from domains.customers import Customers
from domains.shared.errors import NotFound


class Paper(msgspec.Struct, frozen=True):
    """A PDF. `name` names it; it is not fit for a file yet."""

    name: str
    content: bytes


class Stationery(msgspec.Struct, frozen=True):
    """What is on a paper besides what it is about. It is in the customer's language, or else the business's."""

    head: Letterhead
    customer: Party
    language: str
    zone: ZoneInfo

    def day_of(self, moment: datetime) -> date:
        """The day that it was for the business."""
        return moment.astimezone(self.zone).date()

    def sheet(self, currency: str) -> dict[str, Any]:
        return {"language": self.language, "head": self.head, "customer": self.customer, "currency": currency}

    def printed(
        self, document: Document, kind: DocumentKind, *, issued_at: datetime | None, **fields: Any
    ) -> PrintedDocument:
        """A quote or an invoice. A draft has the date of its last change, and no number."""
        names = (
            "number",
            "prices_include_tax",
            "items",
            "subtotal",
            "discount_total",
            "taxes",
            "total",
            "deposit_amount",
            "notes",
            "terms",
        )
        issued_on = self.day_of(issued_at or document.updated_at)
        told = {name: getattr(document, name) for name in names}
        return PrintedDocument(**self.sheet(document.currency), kind=kind, issued_on=issued_on, **told, **fields)


class Stationer:
    """A step of others, inside their work."""

    def __init__(self, customers: Customers, settings: BillingSettings) -> None:
        self.customers = customers
        self.settings = settings

    async def of(self, customer_id: UUID) -> Stationery:
        """What is on a paper for the customer, or whoever it was merged into. One that is erased has no name."""
        head, defaults = await self.settings.letterhead(), await self.settings.defaults()
        try:
            customer = await standing_for(self.customers, customer_id)
        except NotFound:
            return Stationery(head, Party(""), head.language, defaults.zone)
        return Stationery(head, party_of(customer), customer.preferred_language or head.language, defaults.zone)
