"""Ids, times, permissions, versions and refusals."""

import time
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from uuid import RFC_4122

import pytest
from babel.core import get_global
from babel.numbers import get_territory_currencies
from hypothesis import given, settings
from hypothesis import strategies as st

from domains.shared.clock import timestamp
from domains.shared.currencies import CURRENT
from domains.shared.errors import FieldError, Forbidden, NotFound, ValidationFailed, VersionConflict
from domains.shared.fields import known_currency, known_timezone
from domains.shared.ids import Ids, new_id
from domains.shared.permissions import PERMISSIONS_OF, Permission, Role
from domains.shared.versions import must_be_current
from tests.support.fakes import actor


def test_an_id_is_a_uuid_of_version_7_and_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = [new_id() for _ in range(1000)]
    after = time.time_ns() // 1_000_000
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}
    assert all(before <= each.int >> 80 <= after for each in made)
    assert len(set(made)) == 1000


def test_an_id_is_random_in_all_its_74_other_bits() -> None:
    made = [Ids().next().int for _ in range(500)]
    fixed = (0xF << 76) | (0b11 << 62)
    for bit in (bit for bit in range(80) if not fixed >> bit & 1):
        assert {each >> bit & 1 for each in made} == {0, 1}, bit


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    earlier = new_id()
    deadline = time.monotonic() + 1
    while new_id().int >> 80 == earlier.int >> 80 and time.monotonic() < deadline:
        pass
    later = new_id()
    assert later > earlier
    assert str(later) > str(earlier)


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2026, 11, 21, 9, 30, tzinfo=UTC), "2026-11-21T09:30:00.000Z"),
        (datetime(2026, 11, 21, 9, 30, 0, 999_999, tzinfo=UTC), "2026-11-21T09:30:00.999Z"),
        (datetime(2026, 11, 21, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))), "2026-11-21T03:45:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_a_time_is_shown_in_utc_with_three_decimals(instant: datetime, shown: str) -> None:
    assert timestamp(instant) == shown


@settings(max_examples=40)
@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - the bounds are naive, the strategy adds zones
def test_a_time_shown_is_the_same_instant_to_the_millisecond(instant: datetime) -> None:
    shown = timestamp(instant)
    assert len(shown) == 24
    lost = instant - datetime.fromisoformat(shown)
    assert timedelta(0) <= lost < timedelta(milliseconds=1)


def test_permissions_are_in_alphabetical_order_and_say_resource_and_action() -> None:
    names = [permission.value for permission in Permission]
    assert names == sorted(names)
    assert all(name.count(":") == 1 and name.replace(":", "_").upper() == Permission(name).name for name in names)


def test_each_role_may_all_that_the_one_below_it_may() -> None:
    ranks = [Role.OWNER, Role.ADMIN, Role.STAFF, Role.MEMBER]
    assert set(PERMISSIONS_OF) == set(ranks) == set(Role)
    for above, below in pairwise(ranks):
        assert PERMISSIONS_OF[above] >= PERMISSIONS_OF[below]
    assert PERMISSIONS_OF[Role.OWNER] == set(Permission)


def test_business_data_needs_staff() -> None:
    assert actor(Role.STAFF).may(Permission.CUSTOMERS_WRITE)
    actor(Role.STAFF).must(Permission.CUSTOMERS_WRITE)
    with pytest.raises(Forbidden, match="customers:write"):
        actor(Role.MEMBER).must(Permission.CUSTOMERS_WRITE)


def test_a_version_is_compared_only_when_one_is_named() -> None:
    must_be_current(3, None)
    must_be_current(3, {2, 3})
    for expected in ({2}, set()):
        with pytest.raises(VersionConflict):
            must_be_current(3, expected)


def test_a_refusal_names_each_field_once() -> None:
    refusal = ValidationFailed.all_of(
        [FieldError("a", "x", "X."), FieldError("b", "y", "Y."), FieldError("a", "z", "Z.")]
    )
    assert refusal.detail == "Not valid: a, b."
    assert ValidationFailed.of("$", "malformed_json", "No.").detail == "Not valid: the input as a whole."
    assert [error.code for error in refusal.errors] == ["x", "y", "z"]
    assert NotFound.one("customer").detail == "There is no such customer."


@pytest.mark.parametrize("code", ["USD", "JPY", "KWD"])
def test_a_currency_is_known(code: str) -> None:
    assert known_currency(code, "currency") == code


def test_the_currencies_in_use_are_those_that_are_legal_tender_somewhere_and_a_few_units_of_account() -> None:
    """By Unicode's data, which still have the lev, and lack the colón and one of Venezuela's two."""
    tender = {each for country in get_global("territory_currencies") for each in get_territory_currencies(country)}
    units = {"BOV", "CHE", "CHW", "CLF", "COU", "MXV", "USN", "UYI", "UYW"}
    assert CURRENT - tender == units | {"SVC", "VED"}
    assert tender - CURRENT == {"BGN"}


@pytest.mark.parametrize("code", ["usd", "XXZ", "", "US$", "DEM", "XXX", "XAU", "XTS"])
def test_a_currency_is_not_known(code: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        known_currency(code, "currency")
    assert refused.value.errors[0].code == "unknown_currency"


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_a_time_zone_is_known(name: str) -> None:
    assert known_timezone(name, "timezone") == name


@pytest.mark.parametrize("name", ["Mars/Base", "../../etc/passwd", "europe/berlin", "", "/etc/localtime"])
def test_a_time_zone_is_not_known(name: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        known_timezone(name, "timezone")
    assert refused.value.errors[0].code == "unknown_timezone"
