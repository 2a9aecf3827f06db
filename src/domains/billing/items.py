"""The items of a document: what is offered or charged, line by line, with its discounts and taxes."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from functools import partial
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.billing.shares import Discount, rate_of
from domains.billing.sums import LARGEST, Line, Sums, half_up, sums_of
from domains.shared.errors import FieldError, ValidationFailed, together
from domains.shared.fields import MANY_LINES, trimmed
from domains.shared.ids import new_id
from domains.shared.wire import Command, View
from domains.tenants import PercentText, TaxName, TaxRate

_THOUSAND = 1_000
_IN_A_PERCENT = 10_000
UNNAMED_TAX = "Tax"
_LONGEST = 50_000
_MOST_TAXES, _LONGEST_TAXES = 50, 20_000

Amount = Annotated[int, Meta(ge=0, le=LARGEST, examples=[12500])]
Quantity = Annotated[str, Meta(max_length=13, pattern=r"^[0-9]{1,9}(\.[0-9]{1,3})?$(?!\n)", examples=["1.5"])]
Unit = Annotated[str, Meta(min_length=1, max_length=20, pattern=r"^[^\x00-\x1f\x7f]+$(?!\n)", examples=["hour"])]
Description = Annotated[str, Meta(min_length=1, max_length=2_000, examples=["Replace the kitchen tap"])]
WantedDescription = Annotated[
    str, Meta(min_length=1, max_length=2_000, pattern=MANY_LINES, examples=["Replace the kitchen tap"])
]


class ItemTax(Command, frozen=True):
    """A tax that an item bears, in percent from 0 to 100 with at most 4 decimals."""

    name: TaxName
    rate: PercentText


ItemTaxes = Annotated[tuple[ItemTax, ...], Meta(max_length=10)]


class WantedItem(Command, frozen=True):
    """An item. `taxRate` is short for one tax. Without `taxes` and `taxRate` it bears the business's default tax.

    With `priceItemId`, what is not given of `description`, `unitPrice`, `unit` and taxes is as the price list has it;
    with `serviceId`, the name and the price of a service. `unit` is what `quantity` counts.
    All descriptions of a document have 50,000 characters together, at most, and the names of all items' taxes 20,000;
    50 of these differ. `unitPrice` is in the minor unit of the document's currency. An `optional` item counts only
    when `selected`. With the `id` of one that the document has, it stays that one.
    """

    description: WantedDescription | UnsetType = UNSET
    unit_price: Amount | UnsetType = UNSET
    quantity: Quantity = "1"
    discount: Discount | None = None
    tax_rate: PercentText | None = None
    taxes: ItemTaxes | None = None
    optional: bool = False
    selected: bool = False
    id: UUID | None = None
    price_item_id: UUID | None = None
    service_id: UUID | None = None
    unit: Unit | UnsetType | None = UNSET


WantedItems = Annotated[tuple[WantedItem, ...], Meta(max_length=200)]


class Item(View, frozen=True):
    """An item as it stands in the document. `amount` is quantity by price; `total` is that less its own discount.

    Both contain the taxes if the document's prices do. `taxRate` is the rate of its tax, if it bears just one.
    `priceItemId` or `serviceId` is what it was made of, whatever became of that since.
    """

    id: UUID
    description: Description
    quantity: Quantity
    unit_price: Amount
    discount: Discount | None
    tax_rate: PercentText | None
    taxes: ItemTaxes
    optional: bool
    selected: bool
    amount: Amount
    total: Amount
    price_item_id: UUID | None = None
    service_id: UUID | None = None
    unit: Unit | None = None

    @property
    def counts(self) -> bool:
        return self.selected or not self.optional

    @property
    def line(self) -> Line:
        taxes = frozenset((tax.name, rate_of(tax.rate, "rate")) for tax in self.taxes)
        return Line(amount=self.amount, discount=self.amount - self.total, taxes=taxes)


Items = Annotated[tuple[Item, ...], Meta(max_length=200)]


class DocumentTax(View, frozen=True):
    """What one tax comes to in the whole document: `amount` on `base`, which is net."""

    name: TaxName
    rate: PercentText
    base: Amount
    amount: Amount


DocumentTaxes = Annotated[tuple[DocumentTax, ...], Meta(max_length=_MOST_TAXES)]


def document_taxes(sums: Sums) -> tuple[DocumentTax, ...]:
    """By name and rate."""
    return tuple(
        DocumentTax(name=tax.name, rate=percent_text(tax.rate), base=tax.base, amount=tax.amount) for tax in sums.taxes
    )


def items_of(
    wanted: Sequence[WantedItem], *, rates: Sequence[TaxRate], known: Collection[UUID] = (), field: str = "items"
) -> tuple[Item, ...]:
    """The items as the document keeps them, with the taxes that hold now: later changes of `rates` are none of theirs.

    What they say is bounded, so that a page of a hundred documents is one that can be held. `known` are the ids that
    the document has. Raises `ValidationFailed` naming all that is wrong.
    """
    parts = (partial(_item, each, rates, f"{field}[{at}]") for at, each in enumerate(wanted))
    found = tuple(together(*parts))
    _must_be_few_words(found, field)
    given = [each.id for each in wanted]
    faults = [
        FieldError(f"{field}[{at}].id", "repeated" if each in given[:at] else "unknown", "Expected the id of an item.")
        for at, each in enumerate(given)
        if each is not None and (each not in known or each in given[:at])
    ]
    if faults:
        raise ValidationFailed.all_of(faults)
    return found


def _must_be_few_words(items: Sequence[Item], field: str) -> None:
    taxes = [tax for item in items for tax in item.taxes]
    if sum(len(item.description) for item in items) > _LONGEST:
        message = f"All descriptions have {_LONGEST:,} characters together, at most."
        raise ValidationFailed.of(field, "too_long", message)
    if len(set(taxes)) > _MOST_TAXES or sum(len(tax.name) for tax in taxes) > _LONGEST_TAXES:
        message = f"{_MOST_TAXES} different taxes are borne at most, with {_LONGEST_TAXES:,} characters in all items."
        raise ValidationFailed.of(field, "too_many_taxes", message)


def taxes_of(
    taxes: ItemTaxes | None, rate: str | None, rates: Sequence[TaxRate], prefix: str = ""
) -> tuple[ItemTax, ...] | None:
    """The taxes as they are kept; None where none are given. A lone `rate` is named as among `rates`.

    Raises `ValidationFailed`; the names of its fields begin with `prefix`.
    """
    if taxes is not None:
        if rate is not None:
            raise ValidationFailed.of(f"{prefix}taxRate", "conflict", "Expected either taxRate or taxes.")
        return tuple(together(*(partial(_tax, taxes, at, f"{prefix}taxes") for at in range(len(taxes)))))
    if rate is None:
        return None
    percent = percent_text(rate_of(rate, f"{prefix}taxRate"))
    return (ItemTax(name=next((each.name for each in rates if each.rate == percent), UNNAMED_TAX), rate=percent),)


def billed(items: Sequence[Item], *, discount: Discount | None, inclusive: bool, capped: bool = False) -> Sums:
    """What the items come to that count. `ValidationFailed` where the discount is more than that, or a sum too large.

    No choice of optional items may make it too large either. A `capped` discount takes what there is, at most.
    """
    everything = sums_of([item.line for item in items], discount=0, inclusive=inclusive)
    if max(everything.total, sum(item.amount for item in items)) > LARGEST:
        raise ValidationFailed.of("items", "too_large", "The items come to more than 2^53 - 1.")
    lines = [item.line for item in items if item.counts]
    whole = sum(line.total for line in lines)
    taken = discount.taken_from(whole, "discount", capped=capped) if discount else 0
    return sums_of(lines, discount=taken, inclusive=inclusive)


def shortest(number: Decimal) -> str:
    """Without zeros that say nothing: `8.50` is `8.5`, `007` is `7`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent_text(rate: int) -> str:
    """The percentage of a rate in ten-thousandths of a percent: 88,750 is `8.875`."""
    return shortest(Decimal(rate) / _IN_A_PERCENT)


def _item(wanted: WantedItem, rates: Sequence[TaxRate], field: str) -> Item:
    description, price = _named(wanted, field)
    taxes = taxes_of(wanted.taxes, wanted.tax_rate, rates, f"{field}.")
    if taxes is None:
        taxes = tuple(ItemTax(name=each.name, rate=each.rate) for each in rates if each.is_default)
    quantity = Decimal(wanted.quantity)
    if not quantity:
        raise ValidationFailed.of(f"{field}.quantity", "too_small", "Expected more than 0.")
    amount = half_up(int(quantity * _THOUSAND) * price, _THOUSAND)
    if amount > LARGEST:
        raise ValidationFailed.of(f"{field}.unitPrice", "too_large", "Quantity by price is more than 2^53 - 1.")
    discount = wanted.discount.taken_from(amount, f"{field}.discount") if wanted.discount else 0
    return Item(
        id=wanted.id or new_id(),
        description=trimmed(description, f"{field}.description", shortest=1),
        quantity=shortest(quantity),
        unit_price=price,
        discount=wanted.discount,
        tax_rate=taxes[0].rate if len(taxes) == 1 else None,
        taxes=taxes,
        optional=wanted.optional,
        selected=wanted.selected or not wanted.optional,
        amount=amount,
        total=amount - discount,
        price_item_id=wanted.price_item_id,
        service_id=wanted.service_id,
        unit=wanted.unit.strip() or None if wanted.unit else None,
    )


def _named(wanted: WantedItem, field: str) -> tuple[str, int]:
    """What it is called, and its price. Raises `ValidationFailed` where nobody says."""
    if wanted.description is not UNSET and wanted.unit_price is not UNSET:
        return wanted.description, wanted.unit_price
    asked = {"description": wanted.description, "unitPrice": wanted.unit_price}
    raise ValidationFailed.all_of(
        [FieldError(f"{field}.{name}", "required", "It is required.") for name, each in asked.items() if each is UNSET]
    )


def _tax(taxes: Sequence[ItemTax], at: int, field: str) -> ItemTax:
    """Raise `ValidationFailed` for a second one of one name."""
    name = trimmed(taxes[at].name, f"{field}[{at}].name", shortest=1)
    if name.casefold() in {each.name.strip().casefold() for each in taxes[:at]}:
        raise ValidationFailed.of(f"{field}[{at}].name", "repeated", "Each tax of an item has a name of its own.")
    return ItemTax(name=name, rate=percent_text(rate_of(taxes[at].rate, f"{field}[{at}].rate")))
