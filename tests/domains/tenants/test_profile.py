"""What a business may say of itself."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from domains.shared.errors import ValidationFailed
from domains.tenants import ChangeTenant, RegistrationPolicy, Tenant
from tests.support.fakes import NOON
from tests.support.tenants import a_tenant

LATER = NOON + timedelta(minutes=5)


def order(**fields: Any) -> ChangeTenant:
    return msgspec.convert(fields, ChangeTenant)


def changed(tenant: Tenant, **fields: Any) -> list[str]:
    return tenant.change(order(**fields), now=LATER)


def faults(**fields: Any) -> set[tuple[str, str]]:
    with pytest.raises(ValidationFailed) as refusal:
        changed(a_tenant(), **fields)
    return {(error.field, error.code) for error in refusal.value.errors}


KEPT: list[tuple[str, str, Any, Any]] = [
    ("name", "name", " Harbor Plumbing & Sons ", "Harbor Plumbing & Sons"),
    ("slug", "slug", "harbor-2", "harbor-2"),
    ("phone", "phone", "+1 (212) 555-0101", "+12125550101"),
    ("email", "email", "Office@Harbor.Example", "office@harbor.example"),
    ("timezone", "timezone", "Europe/Berlin", "Europe/Berlin"),
    ("currency", "currency", "EUR", "EUR"),
    ("locale", "locale", "pt-br", "pt-BR"),
    ("registration", "registration", "open", RegistrationPolicy.OPEN),
    ("emailDomains", "email_domains", ["Harbor.Example", "harbor.example"], ("harbor.example",)),
]


@pytest.mark.parametrize(("wire", "field", "given", "kept"), KEPT, ids=[each[0] for each in KEPT])
def test_a_field_is_kept_in_its_one_form(wire: str, field: str, given: Any, kept: Any) -> None:
    tenant = a_tenant()
    assert changed(tenant, **{wire: given}) == [field]
    assert getattr(tenant, field) == kept
    assert (tenant.version, tenant.updated_at) == (2, LATER)
    assert changed(tenant, **{wire: given}) == []
    assert tenant.version == 2


WRONG: list[tuple[dict[str, Any], set[tuple[str, str]]]] = [
    ({"name": "  x "}, {("name", "too_short")}),
    ({"phone": "0000"}, {("phone", "invalid_phone")}),
    ({"email": "nobody"}, {("email", "invalid_email")}),
    ({"timezone": "Mars/Olympus"}, {("timezone", "unknown_timezone")}),
    ({"currency": "XXZ"}, {("currency", "unknown_currency")}),
    ({"locale": "xx-YY"}, {("locale", "unknown_locale")}),
    ({"emailDomains": ["harbor.example", "no domain"]}, {("emailDomains[1]", "invalid_domain")}),
    ({"emailDomains": ["a@b.example"]}, {("emailDomains[0]", "invalid_domain")}),
    ({"registration": "domain"}, {("emailDomains", "required")}),
    ({"phone": "0000", "email": "xyz", "currency": "ZZZ"}, {
        ("phone", "invalid_phone"), ("email", "invalid_email"), ("currency", "unknown_currency"),
    }),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "expected"), WRONG, ids=[str(at) for at in range(len(WRONG))])
def test_what_is_wrong_is_named(fields: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    assert faults(**fields) == expected


def test_the_policy_domain_needs_a_domain_and_keeps_it() -> None:
    tenant = a_tenant()
    assert changed(tenant, registration="domain", emailDomains=["harbor.example"]) == ["registration", "email_domains"]
    with pytest.raises(ValidationFailed):
        changed(tenant, emailDomains=None)
    assert changed(a_tenant(), registration="closed") == ["registration"]


def day(*periods: tuple[str, str]) -> list[dict[str, str]]:
    return [{"opens": opens, "closes": closes} for opens, closes in periods]


def test_opening_hours_are_put_in_order() -> None:
    tenant = a_tenant()
    changed(tenant, openingHours={"monday": day(("13:00", "24:00"), ("08:00", "12:00"))})
    assert [each.opens for each in tenant.opening_hours.monday] == ["08:00", "13:00"]
    assert tenant.opening_hours.sunday == ()


@pytest.mark.parametrize(
    ("periods", "field", "code"),
    [
        ([("12:00", "08:00")], "openingHours.monday[0].closes", "not_after_opens"),
        ([("12:00", "12:00")], "openingHours.monday[0].closes", "not_after_opens"),
        ([("24:00", "24:00")], "openingHours.monday[0].closes", "not_after_opens"),
        ([("08:00", "12:00"), ("11:59", "13:00")], "openingHours.monday", "overlapping"),
        ([("08:00", "17:00"), ("09:00", "10:00")], "openingHours.monday", "overlapping"),
    ],
)
def test_impossible_opening_hours(periods: list[tuple[str, str]], field: str, code: str) -> None:
    assert faults(openingHours={"monday": day(*periods)}) == {(field, code)}


def test_periods_may_touch() -> None:
    assert changed(a_tenant(), openingHours={"friday": day(("08:00", "12:00"), ("12:00", "13:00"))})


@pytest.mark.parametrize("time", ["8:00", "24:01", "25:00", "12:60", "noon", "12:00\n", "१२:००"])
def test_a_time_of_day_is_one(time: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        order(openingHours={"monday": day((time, "24:00"))})


@pytest.mark.parametrize(
    ("given", "kept"),
    [("8.875", "8.875"), ("8.5000", "8.5"), ("0", "0"), ("0.5", "0.5"), ("100.0", "100"), ("007", "7")],
)
def test_a_rate_is_kept_in_its_shortest_form(given: str, kept: str) -> None:
    tenant = a_tenant()
    changed(tenant, taxRates=[{"name": " Sales tax ", "rate": given, "isDefault": True}])
    assert [(each.name, each.rate, each.is_default) for each in tenant.tax_rates] == [("Sales tax", kept, True)]


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        ([{"name": "A", "rate": "100.0001"}], {("taxRates[0].rate", "too_large")}),
        ([{"name": " ", "rate": "1"}], {("taxRates[0].name", "too_short")}),
        ([{"name": "A", "rate": "1"}, {"name": "a ", "rate": "2"}], {("taxRates[1].name", "repeated")}),
        (
            [{"name": "A", "rate": "1", "isDefault": True}, {"name": "B", "rate": "2", "isDefault": True}],
            {("taxRates", "several_defaults")},
        ),
    ],
)
def test_impossible_rates(rates: list[dict[str, Any]], expected: set[tuple[str, str]]) -> None:
    assert faults(taxRates=rates) == expected


@pytest.mark.parametrize("rate", ["-1", "1e2", "8,5", "1.00001", "1234", " 1", "1.", "NaN"])
def test_a_rate_is_a_percentage(rate: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        order(taxRates=[{"name": "A", "rate": rate}])


@pytest.mark.parametrize("text", ["{seq}", "{seq:5}", "Q-{year}-{seq:5}", "{seq:9}/{year}", "No. {seq}"])
def test_formats_of_numbers(text: str) -> None:
    assert changed(a_tenant(), numbering={"quote": text}) == (["numbering"] if text != "Q-{year}-{seq:5}" else [])


NO_FORMATS = [
    "Q-{year}", "{seq}{seq}", "{seq:0}", "{seq:10}", "{seq} {month}", "{seq}}", "{year}{year}{seq}", "seq: {seq",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_FORMATS)
def test_formats_that_are_none(text: str) -> None:
    assert faults(numbering={"creditNote": text}) == {("numbering.creditNote", "invalid_format")}


def test_what_may_be_empty_is_cleared() -> None:
    tenant, usual = a_tenant(), a_tenant()
    filled = {
        "address": {"street": " 1 Pier ", "country": "US"},
        "phone": "+12125550101",
        "email": "a@harbor.example",
        "openingHours": {"monday": day(("08:00", "09:00"))},
        "taxRates": [{"name": "A", "rate": "1"}],
        "numbering": {"invoice": "{seq}"},
        "emailDomains": ["harbor.example"],
    }
    fields = changed(tenant, **filled)
    assert len(fields) == len(filled)
    assert tenant.address.street == "1 Pier"
    assert changed(tenant, **dict.fromkeys(filled)) == fields
    assert [getattr(tenant, field) for field in fields] == [getattr(usual, field) for field in fields]
