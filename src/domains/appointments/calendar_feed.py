"""Private feeds: one's own visits, for the calendars of others, under an address that nobody can guess."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from domains.appointments.icalendar_text import calendar_text
from domains.appointments.model import Appointment
from domains.appointments.spans import Span
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import NotFound
from domains.shared.ids import new_id
from domains.shared.permissions import Permission
from domains.shared.work import UnitOfWork

_PAST = timedelta(days=90)
_AHEAD = timedelta(days=400)


class Feed(msgspec.Struct, frozen=True):
    """Whose it is, and which one: a new `generation` has a new token, and the old one leads nowhere."""

    user: UUID
    generation: UUID


class FeedOwner(msgspec.Struct, frozen=True):
    """Where a token leads."""

    tenant: UUID
    user: UUID


class FeedTokens(Protocol):
    """Makes tokens out of feeds: always the same one of the same feed, so that none is stored."""

    def of(self, tenant: UUID, feed: Feed) -> str: ...


class Feeds(Protocol):
    """The feeds of the tenant's users."""

    async def find(self, user: UUID) -> Feed | None: ...

    async def put(self, feed: Feed, *, now: datetime) -> None:
        """Have the user have this one, and no other."""
        ...

    async def lead(self, token: str, user: UUID) -> None: ...

    async def forget(self, token: str) -> None: ...

    async def owner_of(self, token: str) -> FeedOwner | None:
        """In a work bound to no tenant."""
        ...

    async def name_of(self, user: UUID) -> str | None:
        """What the business is called; None where the user may not see its calendar any more."""
        ...

    async def visits_of(self, user: UUID, during: Span) -> list[Appointment]:
        """As they begin; cancelled ones too; 2,000 at most."""
        ...


class CalendarFeeds:
    """Gives people the addresses of their feeds, and calendars what is in them."""

    def __init__(self, actor: Actor, feeds: Feeds, tokens: FeedTokens, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.feeds = feeds
        self.tokens = tokens
        self.clock = clock
        self.work = work

    async def present(self) -> str | None:
        """Show the address of one's own feed; null, where none was made yet."""
        self.actor.must(Permission.APPOINTMENTS_READ)
        async with self.work:
            feed = await self.feeds.find(self.actor.user)
        return self.tokens.of(self.actor.tenant, feed) if feed else None

    async def renew(self) -> str:
        """Make one's own feed, or give it a new address: the old one leads nowhere from then on.

        Whoever has the address sees one's visits. Google, Apple and Outlook subscribe to it.
        """
        self.actor.must(Permission.APPOINTMENTS_WRITE)
        async with self.work:
            tenant, user = self.actor.tenant, self.actor.user
            old, new = await self.feeds.find(user), Feed(user, new_id())
            if old:
                await self.feeds.forget(self.tokens.of(tenant, old))
            token = self.tokens.of(tenant, new)
            await self.feeds.put(new, now=self.clock.now())
            await self.feeds.lead(token, user)
            self.work.note(Note(action="calendar_feed.renewed", subject=user))
        return token


class FeedReading:
    """Answers calendars. Their address is the credential."""

    def __init__(self, feeds: Feeds, clock: Clock, work: UnitOfWork) -> None:
        self.feeds = feeds
        self.clock = clock
        self.work = work

    async def read(self, token: str) -> str:
        """Show somebody's visits as an iCalendar document: those of the last 90 and the next 400 days.

        Cancelled ones are told to be so. When the person leaves the business, it is gone.
        """
        async with self.work.within(None):
            owner = await self.feeds.owner_of(token)
        if owner is None:
            raise NotFound.one("calendar")
        now = self.clock.now()
        async with self.work.within(owner.tenant):
            name = await self.feeds.name_of(owner.user)
            if name is None:
                raise NotFound.one("calendar")
            visits = await self.feeds.visits_of(owner.user, Span(now - _PAST, now + _AHEAD))
        return calendar_text(name, visits)
