"""How numbers are written, and what is counted together."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from domains.billing import DocumentKind, Series

NEW_YEAR = datetime(2027, 1, 1, 3, tzinfo=UTC)


def series(form: str, zone: str = "UTC", moment: datetime = NEW_YEAR) -> Series:
    return Series.at(DocumentKind.QUOTE, form, moment, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("form", "sequence", "written"),
    [
        ("Q-{year}-{seq:5}", 7, "Q-2027-00007"),
        ("Q-{year}-{seq:5}", 123_456, "Q-2027-123456"),
        ("{seq}", 7, "7"),
        ("{seq:9}/{year}", 1, "000000001/2027"),
    ],
)
def test_a_number_is_written_in_its_form(form: str, sequence: int, written: str) -> None:
    assert series(form).number(sequence) == written


def test_the_year_is_the_one_of_the_business() -> None:
    assert series("Q-{year}-{seq}", "America/New_York").number(1) == "Q-2026-1"
    assert series("Q-{year}-{seq}", "Pacific/Auckland").year == 2027


def test_without_a_year_the_count_never_restarts() -> None:
    assert series("Q-{seq}").year == 0
    assert series("Q-{year}-{seq}").year == 2027
