"""What a registration is made of: names, slugs, passwords, codes."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.identity import Codes, Register, Registration
from domains.identity.naming import slugs_for
from domains.identity.passwords import must_be_strong
from domains.shared.errors import ValidationFailed
from domains.shared.ids import new_id
from tests.support.fakes import NOON

SLUG = re.compile(r"[a-z0-9-]{3,40}")
USERNAME = re.compile(r"[a-z0-9._-]{2,32}")


def order(**fields: Any) -> Register:
    given = {
        "tenant_name": "Harbor Plumbing",
        "email": "Grace@Example.com",
        "password": "Correct-Horse-7",
        "display_name": "Grace Hopper",
        "agree_to_terms": True,
    }
    return Register(**{**given, **fields})


def test_a_registration_is_made_of_its_order() -> None:
    found = Registration.start(order(phone="+1 212 555 0101", company="  Navy ", title=" "), now=NOON)
    assert (found.email, found.tenant_name, found.display_name) == (
        "grace@example.com",
        "Harbor Plumbing",
        "Grace Hopper",
    )
    assert (found.profile.phone, found.profile.company, found.profile.title) == ("+12125550101", "Navy", None)
    assert (found.profile.timezone, found.profile.currency, found.profile.username) == ("UTC", "USD", "grace")
    assert (found.started_at, found.terms_version) == (NOON, "2026-11")
    assert found.id != found.tenant


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"email": "grace"}, {("email", "invalid_email")}),
        ({"password": "short"}, {("password", "too_short"), ("password", "no_upper_case"), ("password", "no_digit")}),
        ({"phone": "0000"}, {("phone", "invalid_phone")}),
        ({"timezone": "Mars/Base"}, {("timezone", "unknown_timezone")}),
        ({"currency": "XXZ"}, {("currency", "unknown_currency")}),
        ({"tenant_name": "   "}, {("tenantName", "too_short")}),
        ({"display_name": " a "}, {("displayName", "too_short")}),
        ({"email": "x", "currency": "?", "display_name": "  "}, {
            ("email", "invalid_email"), ("currency", "unknown_currency"), ("displayName", "too_short"),
        }),
    ],
)  # fmt: skip
def test_a_bad_registration_is_refused_with_all_its_faults(
    fields: dict[str, Any], faults: set[tuple[str, str]]
) -> None:
    with pytest.raises(ValidationFailed) as refused:
        Registration.start(order(**fields), now=NOON)
    assert {(error.field, error.code) for error in refused.value.errors} == faults


@pytest.mark.parametrize(
    ("email", "username"),
    [
        ("Grace.Hopper@example.com", "grace.hopper"),
        ("grace+navy@example.com", "grace-navy"),
        ("a@example.com", "a-user"),
        ("x" * 64 + "@example.com", "x" * 32),
    ],
)
def test_a_username_is_taken_from_the_address_where_none_is_given(email: str, username: str) -> None:
    assert Registration.start(order(email=email), now=NOON).profile.username == username
    assert Registration.start(order(email=email, username="ada"), now=NOON).profile.username == "ada"


@settings(max_examples=40)
@given(st.emails(domains=st.just("example.com")))
def test_every_address_gives_a_username(email: str) -> None:
    try:
        found = Registration.start(order(email=email), now=NOON)
    except ValidationFailed:
        return
    assert USERNAME.fullmatch(found.profile.username)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Harbor Plumbing", "harbor-plumbing"),
        ("  Ärzte & Söhne GmbH ", "arzte-sohne-gmbh"),
        ("Ab", "ab-tenant"),
        ("東京", "tenant"),
        ("---", "tenant"),
        ("A" * 100, "a" * 30),
        ("a" * 29 + " bc", "a" * 29),
    ],
)
def test_a_slug_is_made_of_the_name(name: str, slug: str) -> None:
    assert slugs_for(name, new_id())[0] == slug


@settings(max_examples=40)
@given(st.text(max_size=100))
def test_every_name_gives_valid_slugs_and_a_last_one_that_is_its_own(name: str) -> None:
    one, two = slugs_for(name, new_id()), slugs_for(name, new_id())
    assert all(SLUG.fullmatch(slug) for slug in one)
    assert len(set(one)) == len(one)
    assert one[:-1] == two[:-1]
    assert one[-1] != two[-1]


@pytest.mark.parametrize("password", ["Bbcdefg1", "Correct-Horse-7", " Äbcdef1 ", "A1" + "b" * 126])
def test_a_strong_password_passes(password: str) -> None:
    must_be_strong(password, "password")
    assert "password" not in Registration.start(order(password=password), now=NOON).__struct_fields__


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Abcdef1", ["too_short"]),
        ("abcdefg1", ["no_upper_case"]),
        ("ABCDEFG1", ["no_lower_case"]),
        ("Abcdefgh", ["no_digit"]),
        ("", ["too_short", "no_upper_case", "no_lower_case", "no_digit"]),
    ],
)
def test_a_weak_password_is_told_all_that_it_lacks(password: str, codes: list[str]) -> None:
    with pytest.raises(ValidationFailed) as refused:
        must_be_strong(password, "password")
    assert [error.code for error in refused.value.errors] == codes


def test_codes_are_six_random_digits() -> None:
    codes = Codes(b"key")
    made = {codes.new() for _ in range(300)}
    assert len(made) > 290
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in made)
    assert {digit for code in made for digit in code} == set("0123456789")


def test_a_digest_needs_the_key() -> None:
    one, other = Codes(b"one key"), Codes(b"other key")
    assert one.digest("123456") == one.digest("123456")
    assert len({one.digest("123456"), one.digest("123457"), other.digest("123456")}) == 3
    assert b"123456" not in one.digest("123456")
