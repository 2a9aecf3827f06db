"""What every document that is drafted, numbered and sent has in common."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

from domains.billing.commands import Draft, Revision
from domains.billing.defaults import DocumentDefaults
from domains.billing.items import DocumentTax, Item, billed, document_taxes, items_of
from domains.billing.shares import Deposit, Discount
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.fields import known_currency
from domains.shared.ids import new_id
from domains.shared.versions import Resource

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class Priced(Resource, kw_only=True):
    """Items at prices, for a customer. Amounts are in the minor unit of `currency`."""

    customer_id: UUID
    currency: str
    prices_include_tax: bool
    items: tuple[Item, ...]
    discount: Discount | None
    total: int = 0
    notes: str | None = None
    terms: str | None = None

    @classmethod
    def draft(cls, order: Draft, defaults: DocumentDefaults, *, now: datetime) -> Self:
        """A draft as ordered, with the taxes and the currency that the business has now."""
        currency = known_currency(order.currency or defaults.currency, "currency")
        fields = _sound({**order.given(), "currency": currency}, defaults)
        draft = cls(id=new_id(), created_at=now, updated_at=now, **fields)
        draft.add_up()
        return draft

    def revise(self, order: Revision, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Without any, the version stays."""
        known = {item.id for item in self.items}
        changed = self.take(_sound(order.given(), defaults, known=known), now=now)
        if changed:
            self.add_up()
        return changed

    def add_up(self) -> None:
        """Reckon its sums from its items."""
        self.total = billed(self.items, discount=self.discount, inclusive=self.prices_include_tax).total


class Document(Priced, kw_only=True):
    """A document to a customer. What leaves `draft` is given its `number`, and its `link`: the page's token, locked.

    `deposit_amount` is what the deposit comes to; without one, nothing.
    """

    number: str | None = None
    subtotal: int = 0
    discount_total: int = 0
    tax_total: int = 0
    taxes: tuple[DocumentTax, ...] = ()
    deposit: Deposit | None = None
    deposit_amount: int = 0
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

    def revise(self, order: Revision, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order` on a draft, and name the fields that are now different. Without any, the version stays."""
        self.must_be_draft()
        return super().revise(order, defaults, now=now)

    def add_up(self, *, capped: bool = False) -> None:
        """Reckon its sums from its items. A `capped` discount or deposit takes what there is, at most."""
        sums = billed(self.items, discount=self.discount, inclusive=self.prices_include_tax, capped=capped)
        self.subtotal, self.discount_total, self.tax_total = sums.subtotal, sums.discount_total, sums.tax_total
        self.taxes, self.total = document_taxes(sums), sums.total
        self.deposit_amount = self.deposit.taken_from(self.total, "deposit", capped=capped) if self.deposit else 0


def kept_text(text: str | None) -> str | None:
    """Without blanks around it; None where nothing is left."""
    return (text.strip() or None) if text else None


def sound_day(day: date | None, field: str) -> date | None:
    """Raise `ValidationFailed` for a day that is in no calendar of ours."""
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValidationFailed.of(field, "out_of_range", f"Expected a date from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return day


def _sound(given: Mapping[str, Any], defaults: DocumentDefaults, *, known: Collection[UUID] = ()) -> dict[str, Any]:
    """The fields as they are kept. `known` are the ids of items that it has."""
    kept = dict(given)
    if "items" in kept:
        kept["items"] = items_of(kept["items"] or (), rates=defaults.tax_rates, known=known)
    return {name: _FORMS[name](value) if name in _FORMS else value for name, value in kept.items()}


_FORMS: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "deposit_due_date": lambda day: sound_day(day, "depositDueDate"),
        "due_date": lambda day: sound_day(day, "dueDate"),
        "ends_on": lambda day: sound_day(day, "endsOn"),
        "notes": kept_text,
        "starts_on": lambda day: sound_day(day, "startsOn"),
        "terms": kept_text,
        "valid_until": lambda day: sound_day(day, "validUntil"),
    }
)
