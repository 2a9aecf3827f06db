"""What comes at its time in the calendar, and what follows for it."""

from types import MappingProxyType

from domains.appointments import (
    END_HOLD,
    END_WAITING,
    FORGET_WAITING,
    LAPSE_OFFER,
    MAIL_BOOKED,
    MAIL_CANCELLED,
    MAIL_MOVED,
    MAIL_OFFER,
    OFFER_FREED,
    REMIND,
    FreedTimes,
    Holding,
    OfferLetters,
    Reminding,
    VisitLetters,
    WaitingTimes,
)
from workers.follow_ups import FollowUps, apart, at_its_time

APPOINTMENT_FOLLOW_UPS: FollowUps = MappingProxyType(
    {
        END_HOLD: at_its_time(Holding, Holding.end),
        END_WAITING: at_its_time(WaitingTimes, WaitingTimes.end),
        FORGET_WAITING: at_its_time(WaitingTimes, WaitingTimes.forget),
        MAIL_BOOKED: apart(VisitLetters, VisitLetters.booked),
        MAIL_CANCELLED: apart(VisitLetters, VisitLetters.cancelled),
        MAIL_MOVED: apart(VisitLetters, VisitLetters.moved),
        MAIL_OFFER: apart(OfferLetters, OfferLetters.offered),
        OFFER_FREED: apart(FreedTimes, FreedTimes.offer),
        LAPSE_OFFER: at_its_time(WaitingTimes, WaitingTimes.pass_on),
        REMIND: at_its_time(Reminding, Reminding.remind),
    }
)
