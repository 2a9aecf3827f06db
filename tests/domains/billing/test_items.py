"""Items of a document: kept as they were asked for, and what is refused, by name."""

from typing import Any

import msgspec
import pytest

from domains.billing import LARGEST, Discount, Item, WantedItem, billed, items_of
from domains.shared.errors import ValidationFailed
from domains.shared.ids import new_id
from domains.tenants import TaxRate

RATES = (TaxRate(name="Sales tax", rate="8.875", is_default=True), TaxRate(name="Hotel", rate="14.75"))


def made(*wanted: dict[str, Any], rates: tuple[TaxRate, ...] = RATES, known: tuple[Any, ...] = ()) -> tuple[Item, ...]:
    orders = msgspec.convert([{"description": "Work", "unitPrice": 100, **each} for each in wanted], list[WantedItem])
    return items_of(orders, rates=rates, known=known)


def test_an_item_is_kept_in_its_one_form() -> None:
    (item,) = made({"quantity": "01.50", "description": " Tap ", "taxes": [{"name": " VAT ", "rate": "20.00"}]})
    assert (item.quantity, item.description, item.amount, item.total) == ("1.5", "Tap", 150, 150)
    assert [(tax.name, tax.rate) for tax in item.taxes] == [("VAT", "20")]
    assert (item.tax_rate, item.selected, item.counts) == ("20", True, True)


def test_taxes_come_from_the_item_or_else_from_the_business() -> None:
    default, none, named, unknown = made({}, {"taxes": []}, {"taxRate": "14.750"}, {"taxRate": "3"})
    assert [(tax.name, tax.rate) for tax in default.taxes] == [("Sales tax", "8.875")]
    assert (none.taxes, none.tax_rate) == ((), None)
    assert [(tax.name, tax.rate) for tax in named.taxes] == [("Hotel", "14.75")]
    assert [(tax.name, tax.rate) for tax in unknown.taxes] == [("Tax", "3")]
    assert made({}, rates=())[0].taxes == ()


def test_options_count_when_they_are_selected() -> None:
    items = made({"optional": True}, {"optional": True, "selected": True}, {"selected": False})
    assert [(item.selected, item.counts) for item in items] == [(False, False), (True, True), (True, True)]


WRONG: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"quantity": "0"}, {("items[0].quantity", "too_small")}),
    ({"quantity": "0.000"}, {("items[0].quantity", "too_small")}),
    ({"unitPrice": LARGEST, "quantity": "1.001"}, {("items[0].unitPrice", "too_large")}),
    ({"discount": {}}, {("items[0].discount", "required")}),
    ({"discount": {"percent": "10", "amount": 1}}, {("items[0].discount", "required")}),
    ({"discount": {"percent": "100.0001"}}, {("items[0].discount.percent", "too_large")}),
    ({"discount": {"percent": "0.0000"}}, {("items[0].discount.percent", "too_small")}),
    ({"discount": {"amount": 101}}, {("items[0].discount.amount", "too_large")}),
    ({"taxRate": "100.01"}, {("items[0].taxRate", "too_large")}),
    ({"taxRate": "1", "taxes": []}, {("items[0].taxRate", "conflict")}),
    ({"taxes": [{"name": "A", "rate": "101"}]}, {("items[0].taxes[0].rate", "too_large")}),
    ({"taxes": [{"name": "A", "rate": "1"}, {"name": " a", "rate": "2"}]}, {("items[0].taxes[1].name", "repeated")}),
    ({"taxes": [{"name": " ", "rate": "1"}]}, {("items[0].taxes[0].name", "too_short")}),
    ({"description": "  "}, {("items[0].description", "too_short")}),
    ({"id": str(new_id())}, {("items[0].id", "unknown")}),
]


@pytest.mark.parametrize(("fields", "expected"), WRONG, ids=[str(at) for at in range(len(WRONG))])
def test_what_is_wrong_is_named(fields: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        made(fields)
    assert {(error.field, error.code) for error in refusal.value.errors} == expected


NO_NUMBERS: list[dict[str, Any]] = [
    {"quantity": "-1"}, {"quantity": "NaN"}, {"quantity": "Infinity"}, {"quantity": "1e308"}, {"quantity": "1.0001"},
    {"quantity": "1,5"}, {"quantity": ""}, {"quantity": "1\n"}, {"quantity": "１"}, {"quantity": 1}, {"quantity": 1.5},
    {"unitPrice": -1}, {"unitPrice": 1.0}, {"unitPrice": "100"}, {"unitPrice": LARGEST + 1}, {"unitPrice": 2**63},
    {"unitPrice": 1e308}, {"unitPrice": None}, {"taxRate": "-1"}, {"taxRate": "1.00001"}, {"taxRate": 5},
    {"discount": {"amount": 0}}, {"discount": {"amount": -1}}, {"discount": {"percent": "-1"}},
    {"discount": {"percent": 10}}, {"discount": {"amount": LARGEST + 1}},
    {"description": "a\x01"}, {"description": "\x9b"},
]  # fmt: skip


@pytest.mark.parametrize("fields", NO_NUMBERS, ids=str)
def test_what_is_no_amount_is_not_even_read(fields: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        made(fields)


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(ValidationFailed) as refusal:
        made({"quantity": "0"}, {}, {"taxRate": "101"})
    assert [error.field for error in refusal.value.errors] == ["items[0].quantity", "items[2].taxRate"]


def test_an_item_stays_itself_by_its_id_and_only_once() -> None:
    mine = new_id()
    assert made({"id": str(mine)}, known=(mine,))[0].id == mine
    with pytest.raises(ValidationFailed) as refusal:
        made({"id": str(mine)}, {"id": str(mine)}, known=(mine,))
    assert [(error.field, error.code) for error in refusal.value.errors] == [("items[1].id", "repeated")]


def test_no_discount_is_larger_than_what_counts() -> None:
    items = made({"unitPrice": 300}, {"unitPrice": 500, "optional": True}, rates=())
    assert billed(items, discount=Discount(amount=300), inclusive=False).total == 0
    with pytest.raises(ValidationFailed) as refusal:
        billed(items, discount=Discount(amount=301), inclusive=False)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("discount.amount", "too_large")]


@pytest.mark.parametrize("optional", [False, True])
def test_no_sum_is_larger_than_clients_can_hold(optional: bool) -> None:
    half = {"unitPrice": LARGEST // 2 + 1, "optional": optional, "taxes": []}
    taxed = {"unitPrice": LARGEST, "optional": optional, "taxes": [{"name": "A", "rate": "0.0001"}]}
    for wanted in ([half, half], [taxed]):
        with pytest.raises(ValidationFailed) as refusal:
            billed(made(*wanted), discount=None, inclusive=False)
        assert [(error.field, error.code) for error in refusal.value.errors] == [("items", "too_large")]


def test_all_descriptions_together_have_an_end() -> None:
    assert len(made(*({"description": "x" * 250} for _ in range(200)))) == 200
    with pytest.raises(ValidationFailed) as refusal:
        made(*({"description": "x" * 250} for _ in range(199)), {"description": "x" * 251})
    assert [(error.field, error.code) for error in refusal.value.errors] == [("items", "too_long")]


@pytest.mark.parametrize(
    ("most", "more"),
    [
        ([[f"Tax {number}"] for number in range(50)], ["Another"]),
        ([[f"{number:x<50}" for number in range(10)]] * 40, ["Another"]),
    ],
    ids=["different", "long"],
)
def test_all_taxes_together_have_an_end(most: list[list[str]], more: list[str]) -> None:
    wanted = [{"taxes": [{"name": name, "rate": "1"} for name in names]} for names in (*most, more)]
    assert made(*wanted[:-1])
    with pytest.raises(ValidationFailed) as refusal:
        made(*wanted)
    assert [(error.field, error.code) for error in refusal.value.errors] == [("items", "too_many_taxes")]
