"""Letters to those who booked online: that it is booked, moved or cancelled; and what is offered to who waits."""

from datetime import datetime
from uuid import UUID

from domains.appointments.icalendar_text import calendar_text
from domains.appointments.model import Appointment
from domains.appointments.ports import Calendar, Reminded, ReminderBook
from domains.appointments.storefront import Door, Storefront
from domains.appointments.waiting_list import Places
from domains.identity import Letters, MailedLink
from domains.shared.clock import timestamp
from domains.shared.work import UnitOfWork


class Envoy:
    """A step of others: a letter with the link that nobody but its reader has."""

    def __init__(self, letters: Letters, link: MailedLink) -> None:
        self.letters = letters
        self.link = link

    async def send(
        self,
        reached: Reminded,
        template: str,
        words: dict[str, str],
        link: tuple[str, str],
        calendar: str | None = None,
    ) -> None:
        """`link` is a page and the token with which it asks. Whoever has no address is not told."""
        if not reached.email:
            return
        named = {"customerName": reached.name, "tenantName": reached.tenant_name, "link": self.link.to(*link)}
        await self.letters.send(
            to=reached.email, template=template, words={**named, **words}, language=reached.language, calendar=calendar
        )


class VisitLetters:
    """Tells who booked online of the visit, with the link to it and the visit as a calendar takes it."""

    def __init__(
        self, calendar: Calendar, storefront: Storefront, book: ReminderBook, envoy: Envoy, work: UnitOfWork
    ) -> None:
        self.calendar = calendar
        self.storefront = storefront
        self.book = book
        self.envoy = envoy
        self.work = work

    async def booked(self, visit_id: UUID) -> None:
        """What was cancelled meanwhile is not told."""
        await self._tell(visit_id, "appointment_booked", is_live=True)

    async def moved(self, visit_id: UUID) -> None:
        """Where it is now; what was cancelled meanwhile is not told."""
        await self._tell(visit_id, "appointment_moved", is_live=True)

    async def cancelled(self, visit_id: UUID) -> None:
        await self._tell(visit_id, "appointment_cancelled", is_live=False)

    async def _tell(self, visit_id: UUID, template: str, *, is_live: bool) -> None:
        async with self.work:
            visit = await self.calendar.find(visit_id)
            if visit.contact is None or visit.is_live is not is_live:
                return
            reached = await self.book.of(visit)
            token = await self.storefront.open(Door.BOOKING, visit.id)
        document = calendar_text(reached.tenant_name, [visit])
        await self.envoy.send(reached, template, _words(visit), ("booking", token), document)


class OfferLetters:
    """Tells who waits of what is offered."""

    def __init__(self, places: Places, storefront: Storefront, book: ReminderBook, envoy: Envoy) -> None:
        self.places = places
        self.storefront = storefront
        self.book = book
        self.envoy = envoy
        self.work = places.work

    async def offered(self, entry_id: UUID) -> None:
        """What is offered no more is not told."""
        async with self.work:
            entry = await self.places.waiting_list.find(entry_id)
            if not entry.holds_offer(self.places.clock.now()):
                return
            service = await self.places.diary.services.any(entry.service_id)
            business = await self.places.diary.calendar.business_time()
            reached = await self.book.of(entry)
            token = await self.storefront.open(Door.WAITING, entry.id)
        words = {
            "title": service.name,
            "startsAt": _time(entry.offered_at),
            "expiresAt": _time(entry.offered_until),
            "timezone": business.zone,
        }
        await self.envoy.send(reached, "waiting_list_offer", words, ("waiting-list", token))


def _words(visit: Appointment) -> dict[str, str]:
    return {
        "title": visit.title,
        "startsAt": timestamp(visit.starts_at),
        "timezone": visit.timezone,
        "location": visit.location or "",
    }


def _time(instant: datetime | None) -> str:
    return timestamp(instant) if instant else ""
