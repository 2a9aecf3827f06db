"""The price list of a business: what it sells again and again, each at its price."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.billing.defaults import DocumentDefaults
from domains.billing.document import kept_text
from domains.billing.items import Amount, ItemTax, ItemTaxes, Unit, WantedItem, taxes_of
from domains.shared.clock import Timestamp
from domains.shared.errors import ValidationFailed
from domains.shared.events import FieldsChanged
from domains.shared.fields import CurrencyCode, Line, known_currency, trimmed
from domains.shared.ids import new_id
from domains.shared.versions import Archivable
from domains.shared.wire import Command, View, shown
from domains.tenants import PercentText

PriceName = Annotated[Line, Meta(examples=["Replace a tap"])]
Sku = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[!-~]+$(?!\n)", examples=["TAP-01"])]


class CreatePriceItem(Command, frozen=True):
    """A new price. `unitPrice` is in the minor unit of `currency`, which is the business's where none is given.

    `taxRate` is short for one tax. Without it and `taxes`, items bear the business's default tax of their day.
    """

    name: PriceName
    unit_price: Amount
    currency: CurrencyCode | None = None
    unit: Unit | None = None
    tax_rate: PercentText | None = None
    taxes: ItemTaxes | None = None
    sku: Sku | None = None


class ChangePriceItem(Command, frozen=True):
    """What to change: an absent field stays as it is, `null` clears it."""

    name: PriceName | UnsetType = UNSET
    unit_price: Amount | UnsetType = UNSET
    currency: CurrencyCode | UnsetType = UNSET
    unit: Unit | UnsetType | None = UNSET
    tax_rate: PercentText | UnsetType | None = UNSET
    taxes: ItemTaxes | UnsetType | None = UNSET
    sku: Sku | UnsetType | None = UNSET


class PriceItem(Archivable, kw_only=True):
    """One price. Documents take it over, and keep it as it was. Without `taxes`, the business's default tax holds."""

    name: str
    unit_price: int
    currency: str
    unit: str | None
    taxes: tuple[ItemTax, ...] | None
    sku: str | None

    @classmethod
    def create(cls, order: CreatePriceItem, defaults: DocumentDefaults, *, now: datetime) -> Self:
        kept = _kept({**order.given(), "currency": order.currency or defaults.currency}, defaults)
        return cls(id=new_id(), **kept, created_at=now, updated_at=now)

    def change(self, order: ChangePriceItem, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        return self.take(_kept(order.given(), defaults), now=now)

    def lend(self, wanted: WantedItem, *, currency: str, field: str) -> WantedItem:
        """The item with what it does not say itself. `ValidationFailed` if this is archived or in another currency."""
        own = {"description": self.name, "unit_price": self.unit_price}
        lent: dict[str, Any] = {name: value for name, value in own.items() if getattr(wanted, name) is UNSET}
        if wanted.taxes is None and wanted.tax_rate is None and self.taxes is not None:
            lent["taxes"] = self.taxes
        if lent and self.is_archived:
            raise ValidationFailed.of(field, "archived", "It is archived: nothing is made of it any more.")
        if "unit_price" in lent and self.currency != currency:
            raise ValidationFailed.of(field, "conflict", f"Its price is in {self.currency}, not in {currency}.")
        if wanted.unit is UNSET:
            lent["unit"] = self.unit
        return msgspec.structs.replace(wanted, **lent)


class PriceItemView(View, frozen=True):
    """A price. `unitPrice` is in the currency's minor unit; without `taxes` the business's default tax holds.

    `archivedAt` is null for one that is in the list.
    """

    id: UUID
    name: PriceName
    unit_price: Amount
    currency: CurrencyCode
    unit: Unit | None
    tax_rate: PercentText | None
    taxes: ItemTaxes | None
    sku: Sku | None
    archived_at: Timestamp | None
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, price: PriceItem) -> Self:
        rates = [tax.rate for tax in price.taxes or ()]
        return shown(cls, price, tax_rate=rates[0] if len(rates) == 1 else None)


class PriceItemChanged(FieldsChanged, frozen=True):
    """A price is new, different or archived."""

    type = "price_item.updated"


def _kept(given: Mapping[str, Any], defaults: DocumentDefaults) -> dict[str, Any]:
    """The fields as they are kept."""
    kept = dict(given)
    if "name" in kept:
        kept["name"] = trimmed(kept["name"], "name", shortest=1)
    if "currency" in kept:
        kept["currency"] = known_currency(kept["currency"], "currency")
    if "unit" in kept:
        kept["unit"] = kept_text(kept["unit"])
    if {"taxes", "tax_rate"} & kept.keys():
        kept["taxes"] = taxes_of(kept.get("taxes"), kept.pop("tax_rate", None), defaults.tax_rates)
    return kept
