"""Availability against a model that looks at every minute, and in zones whose days are odd."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domains.appointments.availability import Person, Reason, Spans, Visit, explained, starts
from domains.appointments.hours import ExceptionalDay, open_spans
from domains.appointments.offers import Offer
from domains.appointments.spans import Span, merged
from domains.appointments.wall_time import instant_of, shown_at
from domains.shared.ids import new_id
from domains.tenants import OpeningHours, OpeningPeriod

BEGIN = datetime(2026, 3, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = Span(BEGIN, BEGIN + timedelta(hours=4))
LENGTH = 240


@st.composite
def spans(draw: st.DrawFn, most: int = 4) -> list[Span]:
    found = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(-30, LENGTH + 30))
        found.append(Span(BEGIN + start * MINUTE, BEGIN + (start + draw(st.integers(0, 90))) * MINUTE))
    return found


@st.composite
def visits(draw: st.DrawFn) -> Visit:
    minutes = st.integers(0, 20)
    return Visit(
        length=draw(st.integers(1, 60)) * MINUTE,
        before=draw(minutes) * MINUTE,
        after=draw(minutes) * MINUTE,
        step=draw(st.sampled_from([5, 7, 15, 30])) * MINUTE,
        earliest=BEGIN + draw(st.integers(-60, 60)) * MINUTE,
        latest=BEGIN + draw(st.integers(120, 300)) * MINUTE,
    )


def minutes_of(span: Span) -> set[datetime]:
    return {span.start + at * MINUTE for at in range(int(span.length / MINUTE))}


def minutes_in(many: list[Span]) -> set[datetime]:
    return set().union(*map(minutes_of, many))


def model(
    hours: list[Span], off: list[Span], busy: list[Span], elsewhere: list[Span], rooms: list[list[Span]], visit: Visit
) -> list[datetime]:
    """Each minute is looked at by itself."""
    worked, away, taken = minutes_in(hours), minutes_in(off), minutes_in(busy + elsewhere)
    taken_rooms = [minutes_in(room) for room in rooms]
    found, minute = [], BEGIN
    while minute < DAY.end:
        own = {minute + at * MINUTE for at in range(int(visit.length / MINUTE))}
        blocked = minutes_of(Span(minute - visit.before, minute + visit.length + visit.after))
        first = minute
        while first - MINUTE in worked:
            first -= MINUTE
        if (
            minute in worked
            and (minute - first) % visit.step == timedelta()
            and own <= worked
            and not own & away
            and not blocked & taken
            and visit.earliest <= minute <= visit.latest
            and (not rooms or any(not blocked & room for room in taken_rooms))
        ):
            found.append(minute)
        minute += MINUTE
    return found


def person(hours: list[Span], off: list[Span], busy: list[Span], elsewhere: list[Span]) -> Person:
    return Person(new_id(), Spans(hours), Spans(off), Spans(busy), Spans(elsewhere))


@given(spans(), spans(2), spans(), spans(2), st.lists(spans(), max_size=2), visits())
def test_what_is_offered_is_what_a_look_at_each_minute_finds(
    hours: list[Span], off: list[Span], busy: list[Span], elsewhere: list[Span], rooms: list[list[Span]], visit: Visit
) -> None:
    needs = [[Spans(room) for room in rooms]] if rooms else []
    found = list(starts(person(hours, off, busy, elsewhere), needs, visit, DAY))
    assert found == model(hours, off, busy, elsewhere, rooms, visit)


@given(spans(), spans(2), spans(), st.lists(spans(), max_size=2), visits())
def test_every_time_is_offered_or_explained_and_none_is_both(
    hours: list[Span], off: list[Span], busy: list[Span], rooms: list[list[Span]], visit: Visit
) -> None:
    who, needs = person(hours, off, busy, []), [[Spans(room) for room in rooms]] if rooms else []
    offered = list(starts(who, needs, visit, DAY))
    why = explained(who, needs, visit, DAY)
    for one, next_ in pairwise(why):
        assert one.span.end <= next_.span.start
        assert one.span.end < next_.span.start or one.reason is not next_.reason
    said = merged([each.span for each in why] + [Span(at, min(at + visit.step, DAY.end)) for at in offered])
    assert said == (DAY,)
    assert not any(each.span.start <= at < each.span.end for each in why for at in offered)


@given(st.lists(spans(), max_size=3))
def test_merged_spans_have_the_same_minutes_and_do_not_touch(many: list[list[Span]]) -> None:
    given_ = [span for each in many for span in each]
    found = merged(given_)
    assert minutes_in(list(found)) == minutes_in(given_)
    assert all(one.end < next_.start for one, next_ in pairwise(found))


def weekly(opens: str, closes: str) -> OpeningHours:
    every = (OpeningPeriod(opens=opens, closes=closes),)
    return OpeningHours(**dict.fromkeys(OpeningHours.__struct_fields__, every))


def hours_on(zone: str, day: date, opens: str = "00:00", closes: str = "24:00") -> tuple[Span, ...]:
    """What there is of these hours in one local day."""
    at, next_ = ZoneInfo(zone), day + timedelta(days=1)
    first, last = (instant_of(datetime.combine(each, time.min), at) for each in (day, next_))
    bounds = Span(first, last)
    found = open_spans(weekly(opens, closes), (), bounds, at)
    return tuple(Span(max(each.start, bounds.start), min(each.end, bounds.end)) for each in found if each.meets(bounds))


ODD_DAYS = [
    ("America/New_York", date(2026, 3, 8), 23),
    ("America/New_York", date(2026, 11, 1), 25),
    ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
    ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ("Asia/Kathmandu", date(2026, 3, 8), 24),
    ("Pacific/Apia", date(2011, 12, 30), 0),
    ("America/Havana", date(2026, 3, 8), 23),
    ("America/Havana", date(2026, 11, 1), 25),
    ("Africa/Casablanca", date(2026, 2, 15), 25),
]


@pytest.mark.parametrize(("zone", "day", "hours"), ODD_DAYS)
def test_a_day_has_as_many_hours_as_the_zone_gives_it(zone: str, day: date, hours: float) -> None:
    assert sum((span.length for span in hours_on(zone, day)), timedelta()) == timedelta(hours=hours)


def test_hours_in_a_gap_begin_and_end_where_it_ends() -> None:
    spring = date(2026, 3, 8)
    (found,) = hours_on("America/New_York", spring, "02:30", "04:00")
    assert found == Span(datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC))
    assert hours_on("America/New_York", spring, "02:10", "02:50") == ()


def test_hours_that_are_shown_twice_count_twice() -> None:
    (found,) = hours_on("America/New_York", date(2026, 11, 1), "01:00", "02:00")
    assert found == Span(datetime(2026, 11, 1, 5, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC))
    (found,) = hours_on("America/New_York", date(2026, 11, 1), "00:00", "01:30")
    assert found == Span(datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 11, 1, 6, 30, tzinfo=UTC))


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York", "Europe/Dublin"])
def test_nine_o_clock_is_nine_o_clock_for_a_year(zone: str) -> None:
    at = ZoneInfo(zone)
    bounds = Span(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    found = open_spans(weekly("09:00", "17:30"), (), bounds, at)
    shown = [(shown_at(span.start, at), shown_at(span.end, at)) for span in found]
    days = [start.date() for start, _ in shown]
    assert days == [days[0] + timedelta(days=number) for number in range(len(days))]
    assert {(start.time().isoformat(), end.time().isoformat()) for start, end in shown} == {("09:00:00", "17:30:00")}
    assert {date(2026, 1, 1) + timedelta(days=number) for number in range(365)} <= set(days)


def test_samoa_skips_a_day_and_nothing_is_worked_on_it() -> None:
    at = ZoneInfo("Pacific/Apia")
    bounds = Span(datetime(2011, 12, 29, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC))
    found = [shown_at(span.start, at).day for span in open_spans(weekly("09:00", "17:00"), (), bounds, at)]
    assert 30 not in found
    assert {29, 31} <= set(found)


def test_hours_past_midnight_are_one_span_and_an_exception_takes_the_day_s_place() -> None:
    at = ZoneInfo("Europe/Berlin")
    bounds = Span(datetime(2026, 5, 4, tzinfo=UTC), datetime(2026, 5, 6, tzinfo=UTC))
    night = OpeningHours(
        monday=(OpeningPeriod(opens="20:00", closes="24:00"),), tuesday=(OpeningPeriod(opens="00:00", closes="03:00"),)
    )
    (found,) = open_spans(night, (), bounds, at)
    assert found.length == timedelta(hours=7)
    closed = (ExceptionalDay(date=date(2026, 5, 5)),)
    (found,) = open_spans(night, closed, bounds, at)
    assert found.length == timedelta(hours=4)


def test_each_reason_is_said() -> None:
    def span(first: int, last: int) -> list[Span]:
        return [Span(BEGIN + first * MINUTE, BEGIN + last * MINUTE)]

    who = person(span(0, 210), span(30, 60), span(90, 120), span(130, 140))
    visit = Visit(length=10 * MINUTE, before=timedelta(), after=timedelta(), step=10 * MINUTE,
                  earliest=BEGIN + 10 * MINUTE, latest=BEGIN + 190 * MINUTE)  # fmt: skip
    why = explained(who, [[Spans(span(150, 160))]], visit, DAY)
    assert [(each.reason, (each.span.start - BEGIN) // MINUTE, (each.span.end - BEGIN) // MINUTE) for each in why] == [
        (Reason.TOO_SOON, 0, 10),
        (Reason.TIME_OFF, 30, 60),
        (Reason.BUSY, 90, 120),
        (Reason.BUSY_ELSEWHERE, 130, 140),
        (Reason.NO_RESOURCE, 150, 160),
        (Reason.TOO_FAR, 200, 210),
        (Reason.CLOSED, 210, 240),
    ]


class CountedSpans(Spans):
    """Counts how often it is asked."""

    asked = 0

    def end_of_first(self, span: Span) -> datetime | None:
        self.asked += 1
        return super().end_of_first(span)


def test_what_is_in_the_way_is_stepped_over_whole_and_what_is_found_is_worked_out_as_it_is_wanted() -> None:
    year = Span(BEGIN, BEGIN + timedelta(days=365))
    visit = Visit(length=10 * MINUTE, before=MINUTE, after=MINUTE, step=5 * MINUTE, earliest=BEGIN, latest=year.end)
    booked, free = CountedSpans([Span(BEGIN, year.end - timedelta(hours=1))]), CountedSpans([])
    who, other = (Person(new_id(), Spans([year]), Spans([]), busy, Spans([])) for busy in (booked, free))
    assert len(list(starts(who, [], visit, year))) == 10
    assert booked.asked < 15
    room = [[Spans([year]), booked]]
    assert len(list(starts(other, room, visit, year))) == 10
    assert free.asked < 15
    times = Offer(visit, [who, other], []).times(year)
    assert [next(times) for _ in range(3)] == [(BEGIN + 5 * at * MINUTE, [other.id]) for at in range(3)]
    assert free.asked < 20
