"""What every document that is drafted, numbered and sent has in common."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from domains.billing.defaults import DocumentDefaults
from domains.billing.items import Discount, DocumentTax, Item, billed, document_taxes, items_of
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.versions import Versioned

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class Document(Versioned, kw_only=True):
    """A document to a customer. Amounts are in the minor unit of `currency`; `number` is given when it leaves `draft`.

    So is `link`: the token of its page, locked.
    """

    id: UUID
    number: str | None
    customer_id: UUID
    currency: str
    prices_include_tax: bool
    items: tuple[Item, ...]
    discount: Discount | None
    subtotal: int = 0
    discount_total: int = 0
    tax_total: int = 0
    taxes: tuple[DocumentTax, ...] = ()
    total: int = 0
    notes: str | None = None
    terms: str | None = None
    sent_at: datetime | None = None
    link: bytes | None = None

    @property
    def net(self) -> int:
        """What it comes to without taxes."""
        return self.subtotal - self.discount_total

    @property
    def is_draft(self) -> bool:
        return self.number is None

    def must_be_draft(self) -> None:
        """Raise `InvalidTransition` once it is sent: what went out stays as it was."""
        if not self.is_draft:
            raise InvalidTransition("It was sent: only drafts change.")

    def revise(self, order: msgspec.Struct, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order` on a draft, and name the fields that are now different. Without any, the version stays."""
        self.must_be_draft()
        changed = carried_out(order, self, self.items, defaults)
        if changed:
            self.add_up()
            self.touch(now)
        return changed

    def add_up(self, *, capped: bool = False) -> None:
        """Reckon its sums from its items. A `capped` discount takes what there is, at most."""
        sums = billed(self.items, discount=self.discount, inclusive=self.prices_include_tax, capped=capped)
        self.subtotal, self.discount_total, self.tax_total = sums.subtotal, sums.discount_total, sums.tax_total
        self.taxes, self.total = document_taxes(sums), sums.total


def carried_out(
    order: msgspec.Struct, entity: msgspec.Struct, items: tuple[Item, ...], defaults: DocumentDefaults
) -> list[str]:
    """Give an entity what `order` says, and name the fields that are now different. `items` are those that it has."""
    given = {name: getattr(order, name) for name in order.__struct_fields__}
    wanted: dict[str, Any] = {name: value for name, value in given.items() if value is not UNSET}
    if "items" in wanted:
        known = {item.id for item in items}
        wanted["items"] = items_of(wanted["items"] or (), rates=defaults.tax_rates, known=known)
    for name in SOUND.keys() & wanted.keys():
        wanted[name] = SOUND[name](wanted[name])
    changed = [name for name, value in wanted.items() if value != getattr(entity, name)]
    for name in changed:
        setattr(entity, name, wanted[name])
    return changed


def sound_day(day: date | None, field: str) -> date | None:
    """Raise `ValidationFailed` for a day that is in no calendar of ours."""
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValidationFailed.of(field, "out_of_range", f"Expected a date from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return day


def kept_text(text: str | None) -> str | None:
    """Without blanks around it; None where nothing is left."""
    return (text.strip() or None) if text else None


SOUND: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "ends_on": lambda day: sound_day(day, "endsOn"),
        "due_date": lambda day: sound_day(day, "dueDate"),
        "notes": kept_text,
        "terms": kept_text,
        "valid_until": lambda day: sound_day(day, "validUntil"),
    }
)
"""What becomes of a field that is given, before it is compared with what there is."""
