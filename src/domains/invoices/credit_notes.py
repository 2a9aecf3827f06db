"""A credit note: how much of an invoice is given up, net and in taxes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.billing import (
    Amount,
    Description,
    DocumentTax,
    Item,
    Line,
    Quantity,
    Sums,
    Unit,
    apportioned,
    half_up,
    percent_text,
    shortest,
    sums_of,
)
from domains.invoices.commands import CreditedItem, CreditInvoice
from domains.invoices.errors import Overpayment
from domains.invoices.model import Invoice
from domains.shared.errors import InvalidTransition, ValidationFailed
from domains.shared.fields import trimmed
from domains.shared.ids import new_id
from domains.shared.wire import View

_THOUSAND = 1_000
Quantities = Mapping[UUID, int]
"""Thousandths of each item."""
Tax = tuple[str, str]


class CreditedLine(View, frozen=True):
    """An item of which `quantity` is credited."""

    item_id: UUID
    description: Description
    quantity: Quantity
    unit_price: Amount
    unit: Unit | None = None


CreditedLines = Annotated[tuple[CreditedLine, ...], Meta(max_length=200)]


class Parts(msgspec.Struct, frozen=True):
    """An amount, taken apart: what is net, and each tax with its base."""

    net: int
    taxes: Mapping[Tax, tuple[int, int]]

    @property
    def total(self) -> int:
        return self.net + sum(amount for _, amount in self.taxes.values())

    @classmethod
    def of(cls, net: int, taxes: Iterable[DocumentTax]) -> Self:
        return cls(net, {(tax.name, tax.rate): (tax.base, tax.amount) for tax in taxes})

    def less(self, other: "Parts") -> "Parts":
        taxes = {
            tax: (base - other.taxes.get(tax, (0, 0))[0], amount - other.taxes.get(tax, (0, 0))[1])
            for tax, (base, amount) in self.taxes.items()
        }
        return Parts(self.net - other.net, taxes)

    def contains(self, other: "Parts") -> bool:
        """Whether every part of `other` is there."""
        rest = self.less(other)
        return min([rest.net, other.net, *_amounts(rest), *_amounts(other)]) >= 0

    def share(self, amount: int) -> "Parts":
        """`amount` of it, every part in proportion. All of it is every part whole; no part is taken beyond itself."""
        whole = self.total
        net, *parts = apportioned(amount, [self.net, *(amount for _, amount in self.taxes.values())])
        bases = [half_up(base * amount, whole) for base, _ in self.taxes.values()]
        return Parts(net, dict(zip(self.taxes, zip(bases, parts, strict=True), strict=True)))


class CreditNote(msgspec.Struct, kw_only=True):
    """What is given up of an invoice, under a number of its own. It is never changed."""

    id: UUID
    number: str
    invoice_id: UUID
    customer_id: UUID
    currency: str
    items: tuple[CreditedLine, ...]
    subtotal: int
    tax_total: int
    taxes: tuple[DocumentTax, ...]
    total: int
    reason: str | None
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @classmethod
    def on(
        cls, invoice: Invoice, order: CreditInvoice, *, before: Sequence["CreditNote"], number: str, now: datetime
    ) -> Self:
        """The note that was ordered, after those `before`. All of them come to the invoice, part by part.

        `Overpayment` for more than is due, `ValidationFailed` for more of an item than is left of it.
        """
        rest = _rest(invoice, before)
        wanted = _wanted(invoice, order, before)
        parts = _parts(invoice, order, wanted, before, rest)
        items = {item.id: item for item in invoice.items}
        return cls(
            id=new_id(), number=number, invoice_id=invoice.id, customer_id=invoice.customer_id,
            currency=invoice.currency,
            items=tuple(_line(items[item], thousandths) for item, thousandths in wanted.items()),
            subtotal=parts.net, tax_total=parts.total - parts.net, taxes=tuple(_taxes(parts)), total=parts.total,
            reason=trimmed(order.reason, "reason", shortest=1) if order.reason else None,
            created_at=now, updated_at=now,
        )  # fmt: skip


def _rest(invoice: Invoice, before: Sequence[CreditNote]) -> Parts:
    """What is left of the invoice."""
    rest = Parts.of(invoice.subtotal - invoice.discount_total, invoice.taxes)
    for note in before:
        rest = rest.less(Parts.of(note.subtotal, note.taxes))
    return rest


def _parts(
    invoice: Invoice, order: CreditInvoice, wanted: Quantities, before: Sequence[CreditNote], rest: Parts
) -> Parts:
    asked = _sums_of_items(invoice, wanted, before) if wanted else None
    amount = asked.total if asked else (order.amount or invoice.amount_due)
    if amount > invoice.amount_due:
        raise Overpayment(f"Only {invoice.amount_due} is due: what was paid is refunded first.")
    if amount <= 0:
        raise InvalidTransition("It comes to nothing: what was paid is refunded first.")
    return asked if asked and rest.contains(asked) else rest.share(amount)


def _wanted(invoice: Invoice, order: CreditInvoice, before: Sequence[CreditNote]) -> Quantities:
    if order.items is None:
        return {}
    if order.amount is not None:
        raise ValidationFailed.of("amount", "conflict", "Expected either an amount or items.")
    left, wanted = _left(invoice, before), dict[UUID, int]()
    for at, each in enumerate(order.items):
        wanted[each.item_id] = _quantity(each, left, wanted, f"items[{at}]")
    return wanted


def _quantity(each: CreditedItem, left: Quantities, wanted: Quantities, field: str) -> int:
    if each.item_id not in left or each.item_id in wanted:
        raise ValidationFailed.of(f"{field}.itemId", "unknown", "Expected the id of an item, once.")
    most = left[each.item_id]
    asked = most if each.quantity is None else int(Decimal(each.quantity) * _THOUSAND)
    if not 0 < asked <= most:
        message = f"Of it {shortest(Decimal(most) / _THOUSAND)} is left."
        raise ValidationFailed.of(f"{field}.quantity", "out_of_range", message)
    return asked


def _left(invoice: Invoice, before: Sequence[CreditNote]) -> Quantities:
    left = {item.id: int(Decimal(item.quantity) * _THOUSAND) for item in invoice.items if item.counts}
    for line in (line for note in before for line in note.items):
        left[line.item_id] -= int(Decimal(line.quantity) * _THOUSAND)
    return left


def _sums_of_items(invoice: Invoice, wanted: Quantities, before: Sequence[CreditNote]) -> Parts:
    """What they make of the invoice's sums: with what is left of the items, less without them."""
    left = _left(invoice, before)
    after = {item: thousandths - wanted.get(item, 0) for item, thousandths in left.items()}
    return _reckoned(invoice, left).less(_reckoned(invoice, after))


def _reckoned(invoice: Invoice, left: Quantities) -> Parts:
    """The sums of the invoice, had it no more of its items than are `left`; its discounts are in proportion."""
    whole = [item for item in invoice.items if item.counts]
    lines = [_scaled(item, left[item.id]) for item in whole]
    gross, all_of_it = sum(line.total for line in lines), sum(item.total for item in whole)
    discount = 0
    if invoice.discount is not None and all_of_it:
        amount = invoice.discount.amount
        capped = min(amount, all_of_it) if isinstance(amount, int) else invoice.discount.taken_from(all_of_it, "$")
        discount = half_up(capped * gross, all_of_it)
    sums = sums_of(lines, discount=discount, inclusive=invoice.prices_include_tax)
    keyed = _parts_of(sums)
    missing = {(tax.name, tax.rate): (0, 0) for tax in invoice.taxes}
    return Parts(keyed.net, {**missing, **keyed.taxes})


def _parts_of(sums: Sums) -> Parts:
    taxes = {(tax.name, percent_text(tax.rate)): (tax.base, tax.amount) for tax in sums.taxes}
    return Parts(sums.subtotal - sums.discount_total, taxes)


def _scaled(item: Item, thousandths: int) -> Line:
    of_all = int(Decimal(item.quantity) * _THOUSAND)
    amount = half_up(thousandths * item.unit_price, _THOUSAND)
    discount = half_up((item.amount - item.total) * thousandths, of_all)
    return Line(amount=amount, discount=min(amount, discount), taxes=item.line.taxes)


def _line(item: Item, thousandths: int) -> CreditedLine:
    quantity = shortest(Decimal(thousandths) / _THOUSAND)
    return CreditedLine(
        item_id=item.id, description=item.description, quantity=quantity, unit_price=item.unit_price, unit=item.unit
    )


def _taxes(parts: Parts) -> Iterable[DocumentTax]:
    for (name, rate), (base, amount) in parts.taxes.items():
        if base or amount:
            yield DocumentTax(name=name, rate=rate, base=base, amount=amount)


def _amounts(parts: Parts) -> list[int]:
    return [each for pair in parts.taxes.values() for each in pair]
