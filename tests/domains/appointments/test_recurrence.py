"""Series keep their time of day over all changes of the clocks, and end."""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

import pytest

from domains.appointments.recurrence import MOST, occurrences
from domains.appointments.wall_time import shown_at
from domains.shared.errors import ValidationFailed

NEW_YORK = ZoneInfo("America/New_York")
FIRST = datetime(2026, 1, 5, 14, tzinfo=UTC)
"""A Monday, at nine in New York."""


@pytest.mark.parametrize("name", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Dublin"])
def test_a_weekly_nine_o_clock_stays_nine_o_clock_for_a_year(name: str) -> None:
    zone = ZoneInfo(name)
    first = datetime(2026, 1, 5, 9, tzinfo=zone).astimezone(UTC)
    found = occurrences("FREQ=WEEKLY;COUNT=53", first, zone)
    shown = [shown_at(each, zone) for each in found]
    assert shown == [datetime(2026, 1, 5, 9, tzinfo=None) + timedelta(weeks=at) for at in range(53)]  # noqa: DTZ001 - wall time


def test_a_day_that_is_skipped_has_its_visit_when_it_is_over() -> None:
    apia = ZoneInfo("Pacific/Apia")
    first = datetime(2011, 12, 28, 9, tzinfo=apia).astimezone(UTC)
    found = occurrences("FREQ=DAILY;COUNT=4", first, apia)
    assert len(set(found)) == 4
    assert [shown_at(each, apia).day for each in found] == [28, 29, 31, 31]


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4", ["0105", "0107", "0112", "0114"]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3", ["0105", "0119", "0202"]),
        ("FREQ=DAILY;UNTIL=20260107", ["0105", "0106", "0107"]),
        ("FREQ=DAILY;UNTIL=20260107T140000Z", ["0105", "0106", "0107"]),
        ("FREQ=DAILY;UNTIL=20260107T135959Z", ["0105", "0106"]),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", ["0105", "0202", "0302"]),
    ],
)
def test_rules_are_read(rule: str, days: list[str]) -> None:
    assert [each.strftime("%m%d") for each in occurrences(rule, FIRST, NEW_YORK)] == days


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=WEEKLY", "endless"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "endless"),
        ("FREQ=WEEKLY;COUNT=1", "out_of_range"),
        (f"FREQ=DAILY;COUNT={MOST + 1}", "out_of_range"),
        ("FREQ=DAILY;UNTIL=29990101", "out_of_range"),
        ("FREQ=DAILY;INTERVAL=0;COUNT=3", "invalid_format"),
        ("FREQ=DAILY;COUNT=3;COUNT=4", "repeated"),
        ("FREQ=DAILY;BYHOUR=3;COUNT=3", "invalid_format"),
        ("FREQ=DAILY;UNTIL=20261399", "invalid_format"),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=3", "not_first"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3", "not_first"),
        ("FREQ=YEARLY;INTERVAL=100;COUNT=3", "out_of_range"),
    ],
)
def test_rules_that_do_not_end_or_cannot_be_are_refused(rule: str, code: str) -> None:
    with pytest.raises(ValidationFailed) as refused:
        occurrences(rule, FIRST, NEW_YORK)
    assert [(each.field, each.code) for each in refused.value.errors] == [("recurrence", code)]


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=30",
                                  "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=1MO,TU"])  # fmt: skip
def test_the_first_day_of_a_rule_that_has_none_is_not_looked_for(rule: str) -> None:
    began = time.thread_time()
    with pytest.raises(ValidationFailed):
        occurrences(f"{rule};COUNT=3", FIRST, NEW_YORK)
    assert time.thread_time() - began < 0.1


@pytest.mark.parametrize(
    ("day", "rule", "fits"),
    [
        (date(2027, 1, 31), "FREQ=MONTHLY;BYMONTHDAY=-1", True),
        (date(2027, 1, 31), "FREQ=MONTHLY;BYDAY=-1SU", True),
        (date(2027, 1, 31), "FREQ=MONTHLY;BYDAY=+5SU", True),
        (date(2027, 1, 24), "FREQ=MONTHLY;BYDAY=-1SU", False),
        (date(2027, 12, 31), "FREQ=YEARLY;BYDAY=-1FR", True),
        (date(2028, 1, 31), "FREQ=YEARLY;BYDAY=5MO", True),
        (date(2028, 1, 31), "FREQ=YEARLY;BYMONTH=1;BYDAY=-1MO", True),
        (date(2027, 1, 31), "FREQ=WEEKLY;BYDAY=2SU,MO", True),
        (date(2028, 2, 29), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", True),
    ],
)
def test_a_series_begins_with_a_day_of_its_rule(day: date, rule: str, *, fits: bool) -> None:
    first = datetime.combine(day, clock_time(14), UTC)
    if fits:
        assert occurrences(f"{rule};COUNT=2", first, NEW_YORK)[0] == first
    else:
        with pytest.raises(ValidationFailed):
            occurrences(f"{rule};COUNT=2", first, NEW_YORK)
