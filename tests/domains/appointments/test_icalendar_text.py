"""Feeds, read back by two parsers that know nothing of us."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import vobject  # type: ignore[import-untyped]  # the library has no types
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from domains.appointments.icalendar_text import calendar_text
from domains.appointments.model import Appointment, AppointmentStatus
from domains.shared.ids import new_id

ZONES = [
    "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Europe/Dublin", "Africa/Casablanca", "Pacific/Apia",
    "America/St_Johns", "America/Havana", "UTC", "Pacific/Chatham",
]  # fmt: skip
SHOWN = {
    AppointmentStatus.SCHEDULED: "TENTATIVE", AppointmentStatus.CONFIRMED: "CONFIRMED",
    AppointmentStatus.COMPLETED: "CONFIRMED", AppointmentStatus.CANCELLED: "CANCELLED",
    AppointmentStatus.NO_SHOW: "CONFIRMED",
}  # fmt: skip
INJECTED = "Tea\r\nATTENDEE:mailto:eve@example.com\nBEGIN:VALARM;x=\\,\\;\\n"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=200)
INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001 - a zone is given below


@st.composite
def visits(draw: st.DrawFn) -> Appointment:
    starts = draw(INSTANTS).replace(second=0, microsecond=0, tzinfo=UTC)
    return a_visit(
        starts,
        zone=draw(st.sampled_from(ZONES)),
        minutes=draw(st.integers(1, 1_440)),
        status=draw(st.sampled_from(list(AppointmentStatus))),
        title=draw(WORDS),
        location=draw(st.none() | WORDS),
        version=draw(st.integers(1, 50)),
    )


def a_visit(starts: datetime, *, zone: str = "America/New_York", minutes: int = 60, **fields: Any) -> Appointment:
    ends = starts + timedelta(minutes=minutes)
    usual: dict[str, Any] = {
        "status": AppointmentStatus.SCHEDULED, "title": "Tea", "location": None, "version": 1, "staff_id": None,
    }  # fmt: skip
    return Appointment(
        id=new_id(), customer_id=new_id(), service_id=None, starts_at=starts, ends_at=ends,
        blocked_from=starts, blocked_until=ends, timezone=zone, starts_local=starts.replace(tzinfo=None), notes=None,
        series_id=None, resource_ids=(), cancel_reason=None, reminder_minutes=(), reminded_at=None, created_at=starts,
        updated_at=starts, **{**usual, **fields},
    )  # fmt: skip


def parsed(text: str) -> Any:
    return Calendar.from_ical(text)


AUTUMN = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
TWICE = [a_visit(AUTUMN), a_visit(AUTUMN + timedelta(hours=1))]


@given(st.lists(visits(), max_size=4), WORDS)
@example(TWICE, "Half past one, twice")
@example([a_visit(AUTUMN, title=INJECTED, location=INJECTED)], INJECTED)
def test_what_icalendar_reads_is_what_was_written(many: list[Appointment], name: str) -> None:
    text = calendar_text(name, many)
    calendar = parsed(text)
    events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
    assert set(events) == {f"{visit.id}@frontdesk" for visit in many}
    assert calendar.errors == []
    assert [each for event in events.values() for each in event.errors] == []
    assert {str(each["TZID"]) for each in calendar.walk("VTIMEZONE")} == {visit.timezone for visit in many}
    for visit in many:
        event = events[f"{visit.id}@frontdesk"]
        found = [event[name].dt.astimezone(UTC) for name in ("DTSTART", "DTEND")]
        assert found == [visit.starts_at, visit.ends_at]
        assert (str(event["SUMMARY"]), event["SEQUENCE"]) == (kept(visit.title), visit.version - 1)
        assert (str(event["STATUS"]), str(event.get("LOCATION", ""))) == (SHOWN[visit.status], kept(visit.location))
        assert set(event) <= {
            "UID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "LOCATION",
            "STATUS", "TRANSP",
        }  # fmt: skip
        assert not event.subcomponents


def kept(text: str | None) -> str:
    return (text or "").replace("\r", "")


@given(st.lists(visits(), max_size=3))
@example(TWICE)
@example([a_visit(AUTUMN, title=INJECTED, location=INJECTED)])
def test_lines_are_of_75_octets_at_most_and_end_as_they_should(many: list[Appointment]) -> None:
    text = calendar_text("Feed", many)
    assert text.endswith("\r\n")
    lines = text.split("\r\n")[:-1]
    assert all(0 < len(line.encode()) <= 75 and not set(line) & {"\r", "\n"} for line in lines)
    assert [line for line in lines if line.startswith(("ATTENDEE", "BEGIN:VALARM"))] == []


@given(visits())
@example(TWICE[0])
@example(TWICE[1])
def test_the_zone_s_own_rules_in_the_document_give_the_same_instants(visit: Appointment) -> None:
    """As a reader sees it who knows no zone but what the document says: each has a name that nobody has heard of."""
    stranger = f"Of/{visit.id}"
    text = calendar_text("Feed", [visit]).replace("\r\n ", "")
    document = vobject.readOne(text.replace(f"TZID:{visit.timezone}", f"TZID:{stranger}")
                                   .replace(f"TZID={visit.timezone}", f"TZID={stranger}"))  # fmt: skip
    event = document.vevent
    assert event.dtstart.value.astimezone(UTC) == visit.starts_at
    assert event.dtend.value.astimezone(UTC) == visit.ends_at
    assert UUID(event.uid.value.removesuffix("@frontdesk")) == visit.id


@given(st.lists(visits(), min_size=1, max_size=3))
def test_each_zone_s_changes_are_told_once_and_in_order(many: list[Appointment]) -> None:
    for zone in parsed(calendar_text("Feed", many)).walk("VTIMEZONE"):
        told = [each["DTSTART"].dt for each in zone.subcomponents]
        assert all(one < next_ for one, next_ in pairwise(told))
