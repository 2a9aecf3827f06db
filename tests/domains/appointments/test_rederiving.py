"""Which visits move to their new instants, and which stay: whatever is decided, no two of one person meet."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from domains.appointments.commitments import Taken
from domains.appointments.model import Appointment
from domains.appointments.rederiving import Shift, in_the_way
from domains.appointments.spans import Span
from domains.appointments.wall_time import agreed_instant
from domains.shared.ids import new_id
from tests.domains.appointments.test_icalendar_text import a_visit

BEGIN = datetime(2027, 1, 4, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
PEOPLE = [new_id(), new_id()]


def at(visit: Appointment, by: timedelta) -> Appointment:
    spans = {name: getattr(visit, name) + by for name in ("starts_at", "ends_at", "blocked_from", "blocked_until")}
    return replace(visit, **spans)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[list[Shift], list[Taken]]:
    """Visits that do not meet, of two people; some are to move by a quarter, half an hour or an hour."""
    shifts, taken = [], []
    for person in PEOPLE:
        reached = BEGIN
        for _ in range(draw(st.integers(0, 8))):
            starts = reached + draw(st.integers(0, 3)) * QUARTER
            visit = a_visit(starts, minutes=15 * draw(st.integers(1, 4)), staff_id=person)
            reached = visit.ends_at
            by = draw(st.sampled_from([0, 1, 2, 4, -1, -2, -4]))
            if by:
                shifts.append(Shift(visit, at(visit, by * QUARTER)))
            else:
                taken.append(Taken(person, visit.blocked, visit.id))
    return shifts, taken


@given(calendars())
def test_nobody_has_two_visits_at_once_and_who_stays_has_a_reason(calendar: tuple[list[Shift], list[Taken]]) -> None:
    shifts, taken = calendar
    staying = in_the_way(shifts, taken)
    final = {each.before.id: each.before if each.before.id in staying else each.after for each in shifts}
    spans = [(each.holder, each.span, each.blocker) for each in taken]
    spans += [(visit.staff_id or PEOPLE[0], visit.blocked, visit.id) for visit in final.values()]
    for person in PEOPLE:
        own = sorted(span for holder, span, _ in spans if holder == person)
        assert all(one.end <= next_.start for one, next_ in pairwise(own))
    after = {each.before.id: each.after.blocked for each in shifts}
    known = {name: span for _, span, name in spans}
    for visit, other in staying.items():
        assert other in known
        assert after[visit].meets(known[other]) or _might_have_met(after[visit], other, shifts)


def _might_have_met(span: Span, other: UUID, shifts: list[Shift]) -> bool:
    """The other one was to be there as well, and stays for another reason."""
    return any(each.before.id == other and each.after.blocked.meets(span) for each in shifts)


@given(st.integers(1, 12), st.sampled_from([1, 2, 4, -1, -2, -4]))
def test_all_of_a_zone_move_together_however_close_they_are(number: int, by: int) -> None:
    visits = [a_visit(BEGIN + each * timedelta(hours=1), staff_id=PEOPLE[0]) for each in range(number)]
    assert in_the_way([Shift(each, at(each, by * QUARTER)) for each in visits], []) == {}


def test_an_instant_at_which_the_clocks_show_what_was_agreed_is_kept() -> None:
    zone, half_past_one = ZoneInfo("America/New_York"), datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001 - by the clocks
    first = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    for known in (first, first + timedelta(hours=1)):
        assert agreed_instant(half_past_one, zone, known) == known
    assert agreed_instant(half_past_one, zone, first + timedelta(hours=9)) == first
