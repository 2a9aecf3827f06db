"""What a business's documents begin with: its own currency, taxes, time zone and ways to write numbers."""

from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from domains.billing.printing import Letterhead
from domains.tenants import Numbering, TaxRate


class DocumentDefaults(msgspec.Struct, frozen=True, kw_only=True):
    """As the business has them now. `business` is what it is called."""

    business: str
    currency: str
    zone: ZoneInfo
    tax_rates: tuple[TaxRate, ...]
    numbering: Numbering


class BillingSettings(Protocol):
    """The settings of the tenant to which the work is bound."""

    async def defaults(self) -> DocumentDefaults:
        """What new documents begin with, inside the work; nothing is locked."""
        ...

    async def letterhead(self) -> Letterhead:
        """The same of what stands on paper."""
        ...
