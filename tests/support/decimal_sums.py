"""The sums of a document once more, in decimals, as an accountant would write them: a model to hold the engine against.

It shares nothing with the engine. Documents are lists of plain lines; a discount is an amount or a percentage.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, NamedTuple

from domains.billing import LARGEST, Deposit, Discount, Item, ItemTax, Sums, WantedItem, billed, items_of, percent_text
from domains.shared.errors import ValidationFailed

EXACT = Context(prec=120)
RATES = ("0", "4", "5", "5.5", "7", "8.875", "10", "19", "20", "21", "33.3333", "0.0001", "99.9999", "100")
NAMES = ("State", "City", "VAT", "GST")


class Draft(NamedTuple):
    """A document as it is asked for."""

    items: tuple[WantedItem, ...]
    discount: Discount | None
    inclusive: bool
    deposit: Deposit | None = None


class Expected(NamedTuple):
    """What the model makes of it. `amounts` by name and rate, before anything was given up for a tiny gross."""

    discounted: Decimal
    amounts: dict[tuple[str, str], Decimal]
    spread: dict[tuple[tuple[str, str], ...], Decimal]


def cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=EXACT)


def off(price: Decimal, discount: Discount | Deposit | None) -> Decimal:
    if discount is None:
        return Decimal(0)
    if isinstance(discount.percent, str):
        return cents(EXACT.divide(EXACT.multiply(price, Decimal(discount.percent)), Decimal(100)))
    return Decimal(str(discount.amount))


def expected(draft: Draft) -> Expected:
    """Groups by their taxes, then every tax on what bears it."""
    gross: dict[tuple[tuple[str, str], ...], Decimal] = {}
    for item in draft.items:
        if item.optional and not item.selected:
            continue
        assert isinstance(item.unit_price, int)
        price = cents(EXACT.multiply(Decimal(item.quantity), Decimal(item.unit_price)))
        taxes = tuple(sorted((tax.name, tax.rate) for tax in item.taxes or ()))
        gross[taxes] = gross.get(taxes, Decimal(0)) + price - off(price, item.discount)
    whole = sum(gross.values(), Decimal(0))
    discount = off(whole, draft.discount)
    spread = {
        taxes: total - share for (taxes, total), share in zip(gross.items(), shares(discount, gross), strict=True)
    }
    exact: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for taxes, total in spread.items():
        burden = Decimal(100) + sum((Decimal(rate) for _, rate in taxes), Decimal(0)) * draft.inclusive
        for tax in taxes:
            part = EXACT.divide(EXACT.multiply(total, Decimal(tax[1])), burden)
            exact[tax] = EXACT.add(exact[tax], part)
    return Expected(whole - discount, {tax: cents(value) for tax, value in exact.items()}, spread)


def shares(discount: Decimal, gross: dict[Any, Decimal]) -> list[Decimal]:
    """Hamilton's method, a unit at a time. What is left of each is exact: of equal ones, the first has it."""
    whole = sum(gross.values(), Decimal(0))
    if not whole:
        return [Decimal(0) for _ in gross]
    quotas = [EXACT.divmod(EXACT.multiply(discount, total), whole) for total in gross.values()]
    found = [quota for quota, _ in quotas]
    waiting = list(range(len(found)))
    while sum(found) < discount:
        nearest = max(waiting, key=lambda at: (quotas[at][1], -at))
        waiting.remove(nearest)
        found[nearest] += 1
    return found


def agreed(draft: Draft) -> Sums | None:
    """The engine's sums, held against the model and against one another. None where the engine refuses the document."""
    try:
        items = items_of(draft.items, rates=())
        sums = billed(items, discount=draft.discount, inclusive=draft.inclusive)
    except ValidationFailed:
        return None
    model = expected(draft)
    must_add_up(sums)
    lines_must_add_up(draft, items, sums)
    burden = sum(model.amounts.values(), Decimal(0))
    if draft.inclusive:
        assert sums.total == model.discounted, (draft, sums)
        fits = all(part >= 2 * len(taxes) for taxes, part in model.spread.items() if taxes)
    else:
        assert sums.total == model.discounted + burden, (draft, sums)
        fits = True
    if fits:
        found = {(tax.name, percent_text(tax.rate)): tax.amount for tax in sums.taxes}
        assert found == model.amounts, (draft, sums, model)
    deposit_must_agree(draft, sums)
    return sums


def deposit_must_agree(draft: Draft, sums: Sums) -> None:
    """The deposit is its share of the total; more than that is refused, or is all of it where there is a choice."""
    if draft.deposit is None:
        return
    asked = off(Decimal(sums.total), draft.deposit)
    assert draft.deposit.taken_from(sums.total, "deposit", capped=True) == min(asked, Decimal(sums.total)), draft
    try:
        assert draft.deposit.taken_from(sums.total, "deposit") == asked <= sums.total, draft
    except ValidationFailed:
        assert asked > sums.total, draft


def must_add_up(sums: Sums) -> None:
    assert sums.total == sums.subtotal - sums.discount_total + sums.tax_total, sums
    assert sums.tax_total == sum(tax.amount for tax in sums.taxes), sums
    parts = (sums.subtotal, sums.discount_total, sums.tax_total, sums.total)
    assert all(0 <= part <= LARGEST for part in parts), sums
    assert all(tax.base >= 0 and tax.amount >= 0 for tax in sums.taxes), sums


def lines_must_add_up(draft: Draft, items: Sequence[Item], sums: Sums) -> None:
    counted = [item for item in items if item.counts]
    asked = sum(item.amount for item in counted)
    if not draft.inclusive:
        assert sums.subtotal == asked
    undiscounted = draft.discount is None and all(item.discount is None for item in counted)
    assert not (undiscounted and sums.discount_total), sums
    bearing = {tuple(sorted((tax.name, tax.rate) for tax in item.taxes)) for item in counted}
    if len(bearing) == 1 and sums.taxes:
        net = sums.subtotal - sums.discount_total
        assert {tax.base for tax in sums.taxes} == {net}, (draft, sums)


def chance_of(seed: int) -> random.Random:
    """The same documents for the same seed."""
    return random.Random(seed)  # noqa: S311 - documents to add up, no secrets


def any_draft(chance: random.Random) -> Draft:
    """A document of all sorts; one in ten is absurd."""
    absurd = chance.random() < 0.1
    items = tuple(_any_item(chance, absurd=absurd) for _ in range(chance.randint(1, 12)))
    return Draft(items, _any_discount(chance), chance.random() < 0.5, _any_deposit(chance))


def _any_item(chance: random.Random, *, absurd: bool) -> WantedItem:
    price = chance.choice((1, 2, 3, 10, 99, 100, 3333, 12_500, 1_999_999))
    names = chance.sample(NAMES, chance.choice((0, 1, 1, 1, 2, 3)))
    rates = RATES if absurd else RATES[1:10]
    whole, thousandths = chance.choice((1, 1, 2, 3, 40)), chance.choice((0, 0, 5, 125, 333, 500, 999))
    return WantedItem(
        description="Work",
        unit_price=LARGEST // chance.randint(1, 50) if absurd and chance.random() < 0.05 else price,
        quantity=f"{whole}.{thousandths:03}" if thousandths else str(whole),
        discount=_any_discount(chance),
        taxes=tuple(ItemTax(name=name, rate=chance.choice(rates)) for name in names),
        optional=chance.random() < 0.2,
        selected=chance.random() < 0.5,
    )


def _any_discount(chance: random.Random) -> Discount | None:
    match chance.randint(0, 5):
        case 0:
            return Discount(percent=chance.choice(("10", "33.33", "0.5", "12.3456", "100")))
        case 1:
            return Discount(amount=chance.choice((1, 1, 2, 50)))
        case _:
            return None


def _any_deposit(chance: random.Random) -> Deposit | None:
    match chance.randint(0, 3):
        case 0:
            return Deposit(percent=chance.choice(("30", "33.3333", "0.0001", "12.5", "100")))
        case 1:
            return Deposit(amount=chance.choice((1, 50, 9_999)))
        case _:
            return None
