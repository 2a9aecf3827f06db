"""What a business's documents begin with: its own currency, taxes, time zone and ways to write numbers."""

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from domains.billing.numbering import DocumentKind
from domains.billing.printing import Letterhead
from domains.tenants import Invoicing, Numbering, TaxRate


class DocumentDefaults(msgspec.Struct, frozen=True, kw_only=True):
    """As the business has them now. `business` is what it is called."""

    business: str
    currency: str
    zone: ZoneInfo
    tax_rates: tuple[TaxRate, ...]
    numbering: Numbering
    invoicing: Invoicing

    def day_of(self, moment: datetime) -> date:
        """The day that it is for the business."""
        return moment.astimezone(self.zone).date()

    def end_of(self, day: date) -> datetime:
        """When the day is over for the business."""
        return end_of(day, self.zone)

    def form_of(self, kind: DocumentKind) -> str:
        """How documents of a kind are numbered."""
        return str(getattr(self.numbering, kind.value))


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """When the day is over in `zone`."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


class BillingSettings(Protocol):
    """The settings of the tenant to which the work is bound."""

    async def defaults(self) -> DocumentDefaults:
        """What new documents begin with, inside the work; nothing is locked."""
        ...

    async def letterhead(self) -> Letterhead:
        """The same of what stands on paper."""
        ...
