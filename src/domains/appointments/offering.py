"""What is offered: the times at which a service can be booked."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import msgspec
from msgspec import UNSET

from domains.appointments.availability import Explained
from domains.appointments.catalogue import Service
from domains.appointments.offers import Offer
from domains.appointments.placing import Placed
from domains.appointments.ports import BusinessTime, Calendar, Services
from domains.appointments.prospects import Prospect
from domains.appointments.spans import Span, sound_instant
from domains.appointments.views import AvailabilityView, ExplanationView, SlotView
from domains.shared.actor import Actor
from domains.shared.clock import Clock, timestamp
from domains.shared.errors import NotFound, ValidationFailed
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

_FARTHEST = timedelta(days=62)
_USUAL = timedelta(days=7)
_MOST_SHOWN = 5_000
_MOST_DAYS = 700


class AskAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """For which service, when, with whom, and whether to say why the rest is not offered."""

    service_id: UUID
    start: datetime | None = None
    end: datetime | None = None
    staff_id: UUID | None = None
    explain: bool = False

    def bounds(self, now: datetime) -> Span:
        """`ValidationFailed` where they end before they begin, are more than 62 days apart, or out of all range."""
        start = sound_instant(self.start, "from") if self.start else now
        end = sound_instant(self.end, "to") if self.end else start + _USUAL
        if end <= start:
            raise ValidationFailed.of("to", "before_from", "The end must not be before the start.")
        if end - start > _FARTHEST:
            raise ValidationFailed.of("to", "too_far", "At most 62 days can be asked for at once.")
        return Span(start, end)


class Offering:
    """Offers times."""

    def __init__(self, actor: Actor, calendar: Calendar, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.calendar = calendar
        self.services = services
        self.clock = clock
        self.work = work

    async def available(self, asked: AskAvailability) -> AvailabilityView:
        """Show when a service can be booked, and with whom.

        - Times are within people's hours, in steps from where these begin, and not within their time off.
        - Nothing that is booked meets the visit with its buffers, nor anything in a calendar that is imported; and of
          each kind of resource that it needs, one is free.
        - The business's policy says how soon and how far ahead. Without `from` it is from now on, without `to` for
          seven days; 62 days at most.
        - An answer shows 5,000 times of people at most, and looks at 700 days of people, 20 for 35 days: `nextFrom`
          is the `from` of what follows.
        - With `explain=true` each other time is explained, for each person; all of it at once where there is nobody who
          could be booked. Then it is 140 days of people.
        """
        self.actor.must(Permission.APPOINTMENTS_READ)
        async with self.work:
            service = await self.services.current(asked.service_id)
            return await availability(self.calendar, service, asked, now=self.clock.now())


class _Page:
    """What one answer shows of `bounds`, and where it ends."""

    def __init__(self, length: timedelta) -> None:
        self._length = length
        self._room = _MOST_SHOWN
        self.slots: list[SlotView] = []
        self.end: datetime | None = None
        self.is_full = False

    def take(self, offer: Offer, stretch: Span) -> None:
        """Show what there is room for. A time is shown with all who have it."""
        for start, people in offer.times(stretch):
            if self._room <= 0:
                self.end, self.is_full = start, True
                return
            ends = timestamp(start + self._length)
            self.slots.append(SlotView(starts_at=timestamp(start), ends_at=ends, staff_ids=people))
            self._room -= len(people)
        self.end = stretch.end


async def availability(
    calendar: Calendar, service: Service, asked: AskAvailability, *, now: datetime
) -> AvailabilityView:
    """What is offered of `service`, in the work under way, as far as one answer goes."""
    bounds, prospect = asked.bounds(now), await _ahead(calendar, service, asked, now=now)
    page, why = _Page(service.length), list[Explained]()
    most = max(1, _MOST_DAYS // (prospect.days_at_once * max(1, len(prospect.people))))
    for stretch in islice(prospect.stretches(bounds), 1 if asked.explain else most):
        offer = await prospect.offer(stretch)
        page.take(offer, stretch)
        if asked.explain:
            why += offer.explained(Span(stretch.start, page.end or stretch.end))
        if page.is_full:
            break
    return AvailabilityView(
        timezone=prospect.business.zone,
        slots=page.slots,
        next_from=timestamp(page.end) if page.end and page.end < bounds.end else None,
        explanations=[_explanation(each) for each in why] if asked.explain else UNSET,
    )


async def first_offered(
    calendar: Calendar, service: Service, asked: AskAvailability, *, but: Collection[datetime] = (), now: datetime
) -> datetime | None:
    """The first time that is offered of `service` and is none of `but`, in the work under way."""
    prospect = await _ahead(calendar, service, asked, now=now)
    for stretch in prospect.stretches(asked.bounds(now)):
        for start, _ in (await prospect.offer(stretch)).times(stretch):
            if start not in but:
                return start
    return None


async def choose_offered(
    calendar: Calendar, visit: Placed, service: Service, business: BusinessTime, *, now: datetime
) -> None:
    """Give `visit` a person with whom its time is offered; all who might serve it are locked.

    Raises `NotFound` for a person who does not carry the service out, `SlotTaken` and `OutsideHours`.
    """
    if visit.staff_id not in (None, *service.staff_ids):
        raise NotFound.one("user")
    staff = (visit.staff_id,) if visit.staff_id else service.staff_ids
    prospect = await Prospect.of(calendar, service, business, staff, now=now, locked=True)
    offer = await prospect.offer(visit.span, but=(visit.id,))
    visit.staff_id = offer.chosen(visit.starts_at)


async def bookable_online(services: Services, service_id: UUID) -> Service:
    """The service, where it is one for customers. Raises `NotFound`."""
    service = await services.current(service_id)
    if not service.bookable_online:
        raise NotFound.one("service")
    return service


async def _ahead(calendar: Calendar, service: Service, asked: AskAvailability, *, now: datetime) -> Prospect:
    business = await calendar.business_time()
    staff = [each for each in service.staff_ids if asked.staff_id in (None, each)]
    return await Prospect.of(calendar, service, business, staff, now=now)


def _explanation(each: Explained) -> ExplanationView:
    return ExplanationView(
        staff_id=each.person,
        starts_at=timestamp(each.span.start),
        ends_at=timestamp(each.span.end),
        reason=each.reason,
    )
