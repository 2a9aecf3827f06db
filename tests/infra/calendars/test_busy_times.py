"""What calendars of others say: their series, exceptions, zones, days, and what does not block."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from infra.calendars.busy_times import Asked, TooMany, busy_times
from tests.support.calendar_server import calendar_of, event

NEW_YORK = ZoneInfo("America/New_York")
ASKED = Asked(NEW_YORK, datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
OWN_ZONE = [
    "BEGIN:VTIMEZONE", "TZID:Headquarters", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0530",
    "TZOFFSETTO:+0530", "TZNAME:HQ", "END:STANDARD", "END:VTIMEZONE",
]  # fmt: skip


def shown(*components: list[str], asked: Asked = ASKED) -> list[tuple[str, str]]:
    """In UTC: month, day and time."""
    found = busy_times(calendar_of(*components), asked)
    return [(f"{start:%m-%d %H:%M}", f"{end:%m-%d %H:%M}") for start, end in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20260302T150000Z", "DTEND:20260302T160000Z"), [("03-02 15:00", "03-02 16:00")]),
        (("DTSTART:20260302T150000Z", "DURATION:PT45M"), [("03-02 15:00", "03-02 15:45")]),
        (("DTSTART:20260302T100000", "DTEND:20260302T110000"), [("03-02 15:00", "03-02 16:00")]),
        (("DTSTART:20260310T100000", "DTEND:20260310T110000"), [("03-10 14:00", "03-10 15:00")]),
        (
            ("DTSTART;TZID=Europe/Berlin:20260302T100000", "DTEND;TZID=Europe/Berlin:20260302T110000"),
            [("03-02 09:00", "03-02 10:00")],
        ),
        (
            ("DTSTART;TZID=W. Europe Standard Time:20260302T100000", "DURATION:PT1H"),
            [("03-02 09:00", "03-02 10:00")],
        ),
        (("DTSTART;VALUE=DATE:20260303",), [("03-03 05:00", "03-04 05:00")]),
        (("DTSTART;VALUE=DATE:20260307", "DTEND;VALUE=DATE:20260309"), [("03-07 05:00", "03-09 04:00")]),
        (("DTSTART:20260302T150000Z",), []),
        (("DTSTART:20260302T150000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"), []),
        (("DTSTART:20260302T150000Z", "DURATION:PT1H", "STATUS:CANCELLED"), []),
        (("DTSTART:20260302T150000Z", "DURATION:PT1H", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"), []),
        (("DTSTART:20260302T150000Z", "DURATION:PT1H", "STATUS:TENTATIVE"), [("03-02 15:00", "03-02 16:00")]),
        (("DTSTART:20260228T230000Z", "DURATION:PT2H"), [("03-01 00:00", "03-01 01:00")]),
    ],
)
def test_one_event(lines: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    assert shown(event(*lines)) == expected


def test_a_zone_of_the_document_s_own() -> None:
    times = event("DTSTART;TZID=Headquarters:20260302T100000", "DURATION:PT1H")
    assert shown(OWN_ZONE, times) == [("03-02 04:30", "03-02 05:30")]


def test_a_series_keeps_its_time_of_day_leaves_days_out_and_moves_one() -> None:
    series = event(
        "DTSTART;TZID=America/New_York:20260302T090000",
        "DTEND;TZID=America/New_York:20260302T100000",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;TZID=America/New_York:20260316T090000",
        "RDATE;TZID=America/New_York:20260303T090000",
    )
    moved = event(
        "RECURRENCE-ID;TZID=America/New_York:20260323T090000",
        "DTSTART;TZID=America/New_York:20260324T130000",
        "DTEND;TZID=America/New_York:20260324T140000",
    )
    assert shown(series, moved) == [
        ("03-02 14:00", "03-02 15:00"), ("03-03 14:00", "03-03 15:00"), ("03-09 13:00", "03-09 14:00"),
        ("03-24 17:00", "03-24 18:00"),
    ]  # fmt: skip


def test_an_occurrence_that_is_cancelled_is_free_and_an_endless_series_is_not() -> None:
    series = event("DTSTART:20200101T120000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    cancelled = event("RECURRENCE-ID:20260305T120000Z", "DTSTART:20260305T120000Z", "STATUS:CANCELLED")
    found = shown(series, cancelled)
    assert len(found) == 30
    assert ("03-05 12:00", "03-05 13:00") not in found


def test_times_that_meet_or_touch_are_one() -> None:
    many = [event(f"DTSTART:20260302T1{at}0000Z", f"DTEND:20260302T1{at + 1}3000Z", uid=f"of {at}") for at in (0, 1, 2)]
    touching = event("DTSTART:20260302T133000Z", "DURATION:PT30M", uid="next")
    assert shown(*many, touching) == [("03-02 10:00", "03-02 14:00")]


def test_what_a_server_calls_busy_without_saying_why() -> None:
    lines = [
        "BEGIN:VFREEBUSY", "UID:fb", "DTSTAMP:20260101T000000Z",
        "FREEBUSY;FBTYPE=BUSY:20260302T150000Z/PT1H,20260303T150000Z/20260303T160000Z",
        "FREEBUSY;FBTYPE=FREE:20260304T150000Z/PT1H", "FREEBUSY:20260305T150000Z/PT1H", "END:VFREEBUSY",
    ]  # fmt: skip
    assert [start for start, _ in shown(lines)] == ["03-02 15:00", "03-03 15:00", "03-05 15:00"]


@pytest.mark.parametrize("document", [b"", b"<html>Log in</html>", b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", b"\x00\xff\xfe"])
def test_what_is_no_calendar(document: bytes) -> None:
    with pytest.raises((ValueError, IndexError)):
        busy_times(document, ASKED)


def test_a_calendar_with_nothing_in_it_is_never_busy() -> None:
    assert shown() == []


def test_more_than_are_kept_are_refused() -> None:
    minutely = event("DTSTART:20260302T000000Z", "DURATION:PT30S", "RRULE:FREQ=MINUTELY;COUNT=10001")
    with pytest.raises(TooMany):
        busy_times(calendar_of(minutely), Asked(NEW_YORK, ASKED.start, ASKED.start + timedelta(days=31)))
