"""`?from=` and `?to=`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api.periods import period
from domains.shared.errors import ValidationFailed

NEW_YORK = ZoneInfo("America/New_York")


def test_a_bare_date_is_a_day_where_the_business_is_and_the_end_includes_its_day() -> None:
    found = period("2026-11-21", "2026-11-21", NEW_YORK)
    assert found.start == datetime(2026, 11, 21, 5, tzinfo=UTC)
    assert found.end == datetime(2026, 11, 22, 5, tzinfo=UTC)


def test_the_day_the_clocks_change_has_its_own_length() -> None:
    found = period("2026-03-08", "2026-03-08", NEW_YORK)
    assert found.start
    assert found.end
    assert (found.end - found.start).total_seconds() == 23 * 3600


def test_an_instant_excludes_itself() -> None:
    found = period(None, "2026-11-21T10:00:00+02:00", NEW_YORK)
    assert found.start is None
    assert found.end == datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["yesterday", "2026-02-30", "2026-11-21T10:00:00", "2026-1-1", "9999-12-31", "0000-00-00", "20261121"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed):
        period(None, text, NEW_YORK)


def test_an_end_before_its_start_is_refused() -> None:
    assert period("2026-11-20", "2026-11-21", NEW_YORK).start
    with pytest.raises(ValidationFailed):
        period("2026-11-23", "2026-11-21", NEW_YORK)
