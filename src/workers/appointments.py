"""What comes at its time in the calendar, and what follows for it."""

from types import MappingProxyType

from domains.appointments import (
    END_HOLD,
    END_WAITING,
    FETCH_CALENDAR,
    FORGET_WAITING,
    LAPSE_OFFER,
    MAIL_BOOKED,
    MAIL_CANCELLED,
    MAIL_MOVED,
    MAIL_OFFER,
    OFFER_FREED,
    REMIND,
    CalendarFetching,
    FreedTimes,
    Holding,
    OfferLetters,
    Reminding,
    VisitLetters,
    WaitingTimes,
)
from domains.appointments.freed_times import OFFER_OPENED
from domains.appointments.rederiving import REDERIVE, Rederiving
from workers.follow_ups import FollowUp, FollowUps, after_the_commit, apart, at_its_time

APPOINTMENT_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        END_HOLD: at_its_time(Holding, Holding.end),
        END_WAITING: at_its_time(WaitingTimes, WaitingTimes.end),
        FETCH_CALENDAR: FollowUp(
            capability=CalendarFetching, verb=CalendarFetching.fetch, of_event=False, settles=False, slow=True
        ),
        FORGET_WAITING: at_its_time(WaitingTimes, WaitingTimes.forget),
        MAIL_BOOKED: apart(VisitLetters, VisitLetters.booked),
        MAIL_CANCELLED: apart(VisitLetters, VisitLetters.cancelled),
        MAIL_MOVED: apart(VisitLetters, VisitLetters.moved),
        MAIL_OFFER: apart(OfferLetters, OfferLetters.offered),
        OFFER_FREED: apart(FreedTimes, FreedTimes.offer),
        OFFER_OPENED: after_the_commit(FreedTimes, FreedTimes.offer, settles=False),
        LAPSE_OFFER: at_its_time(WaitingTimes, WaitingTimes.pass_on),
        REDERIVE: apart(Rederiving, Rederiving.follow_rules),
        REMIND: at_its_time(Reminding, Reminding.remind),
    }
)
