"""What comes at its time in the calendar."""

from types import MappingProxyType

from domains.appointments import FETCH_CALENDAR, REMIND, CalendarFetching, Reminding
from workers.follow_ups import FollowUp, FollowUps, at_its_time

APPOINTMENT_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        FETCH_CALENDAR: FollowUp(
            capability=CalendarFetching, verb=CalendarFetching.fetch, of_event=False, settles=False
        ),
        REMIND: at_its_time(Reminding, Reminding.remind),
    }
)
