"""What documents come to: examples to the cent, a model in decimals, and what holds for any of them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domains.billing import LARGEST, Discount, Item, ItemTax, Sums, WantedItem, apportioned, billed, half_up, items_of
from tests.support.decimal_sums import RATES, Draft, agreed, any_draft, chance_of

TWENTY = (ItemTax(name="VAT", rate="20"),)
BOTH = (ItemTax(name="GST", rate="5"), ItemTax(name="PST", rate="7"))


def item(price: int, quantity: str = "1", taxes: tuple[ItemTax, ...] = (), **more: object) -> WantedItem:
    return WantedItem(description="Work", unit_price=price, quantity=quantity, taxes=taxes, **more)  # type: ignore[arg-type]  # what a test varies


def summed(*wanted: WantedItem, discount: Discount | None = None, inclusive: bool = False) -> Sums:
    return billed(items_of(wanted, rates=()), discount=discount, inclusive=inclusive)


def told(sums: Sums) -> tuple[int, int, int, int]:
    return (sums.subtotal, sums.discount_total, sums.tax_total, sums.total)


PERCENT = Discount(percent="10")
EXAMPLES = [
    ("nothing", [], None, False, (0, 0, 0, 0)),
    ("half a cent goes up", [item(1, "0.5")], None, False, (1, 0, 0, 1)),
    ("less than half goes down", [item(1, "0.499")], None, False, (0, 0, 0, 0)),
    ("0.1 and 0.2 of 10 are 3", [item(10, "0.1"), item(10, "0.2")], None, False, (3, 0, 0, 3)),
    ("a third, three times", [item(100, "0.333")] * 3, None, False, (99, 0, 0, 99)),
    ("the tax is on the sum, not on each line", [item(2, taxes=TWENTY)] * 3, None, False, (6, 0, 1, 7)),
    ("half a cent of tax goes up", [item(5, taxes=(ItemTax(name="T", rate="10"),))], None, False, (5, 0, 1, 6)),
    ("8.875 percent", [item(10_000, taxes=(ItemTax(name="T", rate="8.875"),))], None, False, (10_000, 0, 888, 10_888)),
    ("a line's percentage", [item(999, discount=PERCENT, taxes=TWENTY)], None, False, (999, 100, 180, 1079)),
    ("a line's amount", [item(999, discount=Discount(amount=999), taxes=TWENTY)], None, False, (999, 999, 0, 0)),
    ("of the whole", [item(1000, taxes=TWENTY), item(500)], PERCENT, False, (1500, 150, 180, 1530)),
    ("a cent over two groups", [item(50, taxes=TWENTY), item(50)], Discount(amount=1), False, (100, 1, 10, 109)),
    ("inclusive", [item(1200, taxes=TWENTY)], None, True, (1000, 0, 200, 1200)),
    ("inclusive, of a discount too", [item(1200, taxes=TWENTY)], PERCENT, True, (1000, 100, 180, 1080)),
    ("inclusive, two taxes", [item(11_200, taxes=BOTH)], None, True, (10_000, 0, 1200, 11_200)),
    ("inclusive, half a cent of tax goes up", [item(3, taxes=TWENTY)], None, True, (2, 0, 1, 3)),
    ("inclusive, tiny, of three taxes of all", [item(2, taxes=tuple(
        ItemTax(name=name, rate="100") for name in "ABC"))], None, True, (0, 0, 2, 2)),
    ("inclusive, a tiny discount", [item(5, taxes=TWENTY)], Discount(amount=1), True, (4, 1, 1, 4)),
    ("inclusive, a discount that saves taxes only", [item(4, taxes=tuple(
        ItemTax(name=name, rate="20") for name in "ABC"))], Discount(amount=1), True, (3, 0, 0, 3)),
    ("an option that is not chosen", [item(100), item(50, optional=True)], None, False, (100, 0, 0, 100)),
    ("an option that is", [item(100), item(50, optional=True, selected=True)], None, False, (150, 0, 0, 150)),
    ("the largest", [item(LARGEST)], None, False, (LARGEST, 0, 0, LARGEST)),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "discount", "inclusive", "expected"), [each[1:] for each in EXAMPLES],
                         ids=[each[0] for each in EXAMPLES])  # fmt: skip
def test_to_the_cent(
    wanted: list[WantedItem], discount: Discount | None, inclusive: bool, expected: tuple[int, int, int, int]
) -> None:
    assert told(summed(*wanted, discount=discount, inclusive=inclusive)) == expected
    assert agreed(Draft(tuple(wanted), discount, inclusive)) is not None


def test_each_tax_has_its_base_and_they_are_told_in_order() -> None:
    lines = (item(1000, taxes=BOTH), item(500, taxes=BOTH[:1]), item(100))
    sums = summed(*lines, discount=Discount(amount=160))
    assert [(tax.name, tax.rate, tax.base, tax.amount) for tax in sums.taxes] == [
        ("GST", 50_000, 1350, 68),
        ("PST", 70_000, 900, 63),
    ]
    assert told(sums) == (1600, 160, 131, 1571)


def test_an_inclusive_tax_and_its_base_are_the_gross() -> None:
    sums = summed(item(999, taxes=TWENTY), item(501, taxes=BOTH[:1]), item(77), inclusive=True)
    assert {tax.name: tax.base + tax.amount for tax in sums.taxes} == {"VAT": 999, "GST": 501}
    assert sums.total == 999 + 501 + 77


def test_the_same_tax_at_two_rates_is_two_taxes() -> None:
    sums = summed(item(100, taxes=TWENTY), item(100, taxes=(ItemTax(name="VAT", rate="7"),)))
    assert [(tax.rate, tax.base, tax.amount) for tax in sums.taxes] == [(70_000, 100, 7), (200_000, 100, 20)]


def test_a_tax_of_nothing_is_told() -> None:
    assert [tax.amount for tax in summed(item(100, taxes=(ItemTax(name="VAT", rate="0"),))).taxes] == [0]


@given(some.integers(0, 2**70), some.integers(1, 2**30))
def test_half_up_is_the_nearest(numerator: int, denominator: int) -> None:
    difference = half_up(numerator, denominator) - Fraction(numerator, denominator)
    assert -Fraction(1, 2) < difference <= Fraction(1, 2)


@given(some.lists(some.integers(0, 10**9), min_size=1, max_size=8), some.data())
def test_what_is_apportioned_is_all_there_and_no_part_is_too_large(weights: list[int], data: some.DataObject) -> None:
    total = data.draw(some.integers(0, sum(weights)))
    parts = apportioned(total, weights)
    assert sum(parts) == total
    assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))
    assert all(
        abs(part - Fraction(total * weight, sum(weights) or 1)) < 1 for part, weight in zip(parts, weights, strict=True)
    )


@given(some.integers(0, 2**32))
def test_the_engine_and_the_model_agree(seed: int) -> None:
    sums = agreed(any_draft(chance_of(seed)))
    assert sums is None or sums.total >= 0


@given(
    some.lists(some.tuples(some.integers(0, 12), some.sets(some.sampled_from("ABC"), max_size=3)), max_size=6),
    some.sampled_from(RATES),
    some.sampled_from(RATES),
    some.one_of(some.none(), some.sampled_from(("1", "50", "99.9999", "100"))),
)
def test_tiny_documents_of_heavy_taxes_come_to_nothing_negative(
    lines: list[tuple[int, set[str]]], one: str, other: str, percent: str | None
) -> None:
    rates = {"A": one, "B": other, "C": "100"}
    wanted = tuple(
        item(price, taxes=tuple(ItemTax(name=name, rate=rates[name]) for name in sorted(names)))
        for price, names in lines
    )
    for inclusive in (True, False):
        sums = agreed(Draft(wanted, Discount(percent=percent) if percent else None, inclusive))
        assert sums is not None


def test_thousands_of_documents_agree_with_the_model() -> None:
    chance = chance_of(22)
    found = [agreed(any_draft(chance)) for _ in range(1_000)]
    assert sum(each is not None for each in found) > 700


def test_the_order_of_items_changes_no_sum_of_the_document() -> None:
    chance = chance_of(5)
    for _ in range(200):
        draft = any_draft(chance)
        if agreed(draft) is None:
            continue
        items = items_of(draft.items, rates=())
        if draft.discount is None:
            assert told_of(items, draft) == told_of(items[::-1], draft)


def told_of(items: tuple[Item, ...], draft: Draft) -> tuple[int, int, int, int]:
    return told(billed(items, discount=draft.discount, inclusive=draft.inclusive))
