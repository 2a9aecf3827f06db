"""The rules of a customer's record."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polyfactory.factories.msgspec_factory import MsgspecFactory

from domains.customers import ChangeCustomer, CreateCustomer, Customer, CustomerView
from domains.shared.errors import ValidationFailed
from domains.shared.fields import bare
from domains.shared.postal import PostalAddress
from tests.support.fakes import NOON

LATER = NOON + timedelta(hours=1)


class Orders(MsgspecFactory[CreateCustomer]):
    """Orders of all sorts, as the wire allows them."""

    __random_seed__ = 1906

    name = "Grace Hopper"
    emails = ("Grace@Example.com", "grace@example.com", "second@example.com")
    phones = ("+1 (212) 555-0101", "+12125550101")
    addresses = (PostalAddress(street="1 Main St", country="IT"),)


def made(**fields: Any) -> Customer:
    return Customer.create(CreateCustomer(**{"name": "Grace Hopper", **fields}), now=NOON)


def test_a_new_customer_is_current_in_its_first_version() -> None:
    customer = made()
    assert (customer.version, customer.archived_at, customer.created_at, customer.updated_at) == (1, None, NOON, NOON)
    assert customer.is_current
    assert not customer.is_archived


def test_all_that_was_ordered_is_kept() -> None:
    for _ in range(5):
        order = Orders.build()
        customer = Customer.create(order, now=NOON)
        assert customer.emails == ("grace@example.com", "second@example.com")
        assert customer.phones == ("+12125550101",)
        told = {key: value for key, value in order.custom.items() if value is not None}
        assert (customer.name, customer.custom) == (order.name, told)
        for field in ("company", "notes", "source"):
            assert getattr(customer, field) == (bare(getattr(order, field) or "") or None)


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"name": "  Grace Hopper\t"}, {"name": "Grace Hopper"}),
        ({"company": " ", "notes": "", "source": " web "}, {"company": None, "notes": None, "source": "web"}),
        ({"emails": ("B@x.com", "a@x.com", "b@X.com")}, {"emails": ("b@x.com", "a@x.com")}),
        ({"phones": ("+1 212 555 0101", "+12125550101")}, {"phones": ("+12125550101",)}),
        (
            {"tags": (" VIP ", "vip", " ", "Vip", "two  words", "Cafe\u0301", "café")},
            {"tags": ("VIP", "two words", "Café")},
        ),
        ({"name": "\u200bGrace\u00a0\ufeff", "company": "\u200b\u200d\u3164"}, {"name": "Grace", "company": None}),
        ({"preferred_language": "PT-br"}, {"preferred_language": "pt-BR"}),
        ({"custom": {"gate": None, "dog": False}}, {"custom": {"dog": False}}),
        ({"custom": {"gate": " 12 ", "dog": True}}, {"custom": {"gate": " 12 ", "dog": True}}),
        (
            {"addresses": (PostalAddress(street=" 1 Main St ", city=" "),)},
            {"addresses": (PostalAddress(street="1 Main St"),)},
        ),
        (
            {"addresses": (PostalAddress(city="Rome"), PostalAddress(), PostalAddress(city=" Rome"))},
            {"addresses": (PostalAddress(city="Rome"),)},
        ),
    ],
)
def test_what_is_kept_has_one_form(fields: dict[str, Any], kept: dict[str, Any]) -> None:
    customer = made(**fields)
    assert {name: getattr(customer, name) for name in kept} == kept


@pytest.mark.parametrize(
    "fields", [{"name": None}, {"name": " "}, {"name": "\u200b\ufe0f"}, {"name": None, "company": "\u00a0"}]
)
def test_a_customer_without_name_and_company_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        made(**fields)
    assert [(error.field, error.code) for error in refused.value.errors] == [("name", "required")]
    assert made(**{**fields, "company": "Harbor Plumbing"}).name is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"emails": ("a@x.com", "nobody")}, "emails[1]"),
        ({"phones": ("+12125550101", "12")}, "phones[1]"),
        ({"addresses": (PostalAddress(country="IT"), PostalAddress(country="ZZ"))}, "addresses[1].country"),
    ],
)
def test_a_bad_entry_of_a_list_is_named_by_its_place(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        made(**fields)
    assert [error.field for error in refused.value.errors] == [field]


def test_all_bad_entries_are_named_at_once() -> None:
    with pytest.raises(ValidationFailed) as refused:
        made(emails=("x", "a@x.com", "y"), phones=("12",))
    assert [error.field for error in refused.value.errors] == ["emails[0]", "emails[2]", "phones[0]"]


def test_a_change_touches_what_is_given_and_nothing_else() -> None:
    customer = made(company="Navy", tags=("vip",))
    before = msgspec.structs.asdict(customer)
    assert customer.change(ChangeCustomer(notes="Rear Admiral"), now=LATER) == ["notes"]
    expected = {**before, "notes": "Rear Admiral", "version": 2, "updated_at": LATER}
    assert msgspec.structs.asdict(customer) == expected


FULL: dict[str, Any] = {
    "name": "Grace Hopper",
    "company": "Navy",
    "emails": ("grace@x.com",),
    "phones": ("+12125550101",),
    "addresses": (PostalAddress(city="Arlington"),),
    "tags": ("vip",),
    "notes": "Nanoseconds",
    "preferred_language": "en",
    "source": "web",
    "custom": {"gate": 1},
}


@pytest.mark.parametrize("field", sorted(FULL))
def test_null_clears_a_field(field: str) -> None:
    customer = made(**FULL)
    assert customer.change(ChangeCustomer(**{field: None}), now=LATER) == [field]
    assert not getattr(customer, field)
    assert customer.version == 2


@pytest.mark.parametrize("field", sorted(FULL))
def test_the_same_value_again_changes_nothing(field: str) -> None:
    customer = made(**FULL)
    assert customer.change(ChangeCustomer(**{field: FULL[field]}), now=LATER) == []
    assert (customer.version, customer.updated_at) == (1, NOON)


def test_the_same_value_in_another_spelling_changes_nothing() -> None:
    customer = made(**FULL)
    again = ChangeCustomer(name=" Grace Hopper ", emails=("GRACE@X.com",), phones=("+1 212-555-0101",))
    assert customer.change(again, now=LATER) == []
    assert customer.version == 1


@pytest.mark.parametrize(("old", "new"), [(True, 1), (1, True), (0, False), ("1", 1), (None, False), (None, "")])
def test_a_custom_value_of_another_kind_is_another_value(old: Any, new: Any) -> None:
    customer = made(custom={"dog": old})
    assert customer.change(ChangeCustomer(custom={"dog": new}), now=LATER) == ["custom"]
    assert customer.custom["dog"] is new


def test_a_custom_object_in_another_order_is_the_same() -> None:
    customer = made(custom={"a": 1, "b": 2})
    assert customer.change(ChangeCustomer(custom={"b": 2, "a": 1}), now=LATER) == []


def test_a_custom_key_that_is_not_named_stays_and_null_takes_one_away() -> None:
    customer = made(custom={"a": 1, "b": 2})
    assert customer.change(ChangeCustomer(custom={"c": 3, "a": None}), now=LATER) == ["custom"]
    assert customer.custom == {"b": 2, "c": 3}
    assert customer.change(ChangeCustomer(custom={}), now=LATER) == []
    assert customer.change(ChangeCustomer(custom={"d": None}), now=LATER) == []
    assert customer.change(ChangeCustomer(custom=None), now=LATER) == ["custom"]
    assert (customer.custom, customer.version) == ({}, 3)


def test_what_would_be_too_much_is_refused_and_changes_nothing() -> None:
    customer = made(custom={f"k{at}": at for at in range(50)}, tags=("vip",))
    before = msgspec.structs.asdict(customer)
    with pytest.raises(ValidationFailed) as refused:
        customer.change(ChangeCustomer(custom={"more": 1}, tags=("new",)), now=LATER)
    assert [(error.field, error.code) for error in refused.value.errors] == [("custom", "too_many")]
    assert msgspec.structs.asdict(customer) == before
    assert customer.change(ChangeCustomer(custom={"more": 1, "k0": None}), now=LATER) == ["custom"]


def test_a_change_that_leaves_neither_name_nor_company_is_refused() -> None:
    customer = made(company="Navy")
    with pytest.raises(ValidationFailed):
        customer.change(ChangeCustomer(name=None, company=None), now=LATER)
    customer = made(company="Navy")
    assert customer.change(ChangeCustomer(name=None), now=LATER) == ["name"]


def test_archiving_puts_a_customer_away_in_a_new_version() -> None:
    customer = made()
    customer.archive(now=LATER)
    assert (customer.is_archived, customer.is_current, customer.archived_at) == (True, False, LATER)
    assert (customer.version, customer.updated_at) == (2, LATER)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(max_size=3))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["Grace", " Grace ", "Ada"]),
        "tags": st.none() | st.lists(st.sampled_from(["vip", " vip", "new"]), max_size=3).map(tuple),
        "notes": st.none() | st.sampled_from(["", "seen", "seen "]),
        "custom": st.none() | st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2),
    },
)


@settings(max_examples=40)
@given(st.lists(CHANGES, max_size=6))
def test_the_version_grows_by_one_with_each_change_that_can_be_seen_and_never_else(
    changes: list[dict[str, Any]],
) -> None:
    customer = made()
    for order in changes:
        shown, version = _shown(customer), customer.version
        changed = customer.change(ChangeCustomer(**order), now=LATER)
        assert (_shown(customer) != shown) == bool(changed)
        assert customer.version == version + bool(changed)


def _shown(customer: Customer) -> bytes:
    view = msgspec.to_builtins(CustomerView.of(customer))
    return msgspec.json.encode({name: view[name] for name in view.keys() - {"version", "updatedAt"}}, order="sorted")
