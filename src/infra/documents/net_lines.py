"""A document's lines and rates less the taxes that they contain, so that all of it adds up to its own sums."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from domains.billing import Item, PrintedDocument, apportioned, document_taxes, in_units, sums_of

UNTAXED = None
Rate = str | None
_PRICE_PLACES = Decimal("0.000001")


class NetLine(msgspec.Struct, frozen=True):
    """An item that counts, net of tax. `allowance` has come off quantity by price already."""

    item: Item
    rate: Rate
    price: Decimal
    allowance: int
    net: int


class Group(msgspec.Struct):
    """The lines of one rate: what they come to, and the base and the tax that are left after the discount."""

    rate: Rate
    lines: int = 0
    base: int = 0
    tax: int = 0


def net_lines(printed: PrintedDocument) -> Iterator[NetLine]:
    items = [item for item in printed.items if item.counts]
    nets = _nets(items) if printed.prices_include_tax else {}
    for item in items:
        rate = item.taxes[0].rate if item.taxes else UNTAXED
        if printed.prices_include_tax:
            net = nets[item.id.int]
            price = (in_units(net, printed.currency) / Decimal(item.quantity)).quantize(_PRICE_PLACES)
            yield NetLine(item, rate, price, 0, net)
        else:
            price = in_units(item.unit_price, printed.currency)
            yield NetLine(item, rate, price, item.amount - item.total, item.total)


def _nets(items: Sequence[Item]) -> dict[int, int]:
    """What each item comes to less the tax in it, before the document's discount."""
    bases = {
        (tax.name, tax.rate): tax.base
        for tax in document_taxes(sums_of([item.line for item in items], discount=0, inclusive=True))
    }
    nets = {item.id.int: item.total for item in items if not item.taxes}
    for key, base in bases.items():
        among = [item for item in items if [(tax.name, tax.rate) for tax in item.taxes] == [key]]
        shares = apportioned(base, [item.total for item in among])
        nets |= {item.id.int: share for item, share in zip(among, shares, strict=True)}
    return nets


def groups_of(printed: PrintedDocument, lines: Sequence[NetLine]) -> list[Group]:
    groups: dict[Rate, Group] = {}
    for line in lines:
        groups.setdefault(line.rate, Group(line.rate)).lines += line.net
    for tax in printed.taxes:
        group = groups.setdefault(tax.rate, Group(tax.rate))
        group.base += tax.base
        group.tax += tax.amount
    if UNTAXED in groups:
        groups[UNTAXED].base = printed.subtotal - printed.discount_total - sum(tax.base for tax in printed.taxes)
    return list(groups.values())
