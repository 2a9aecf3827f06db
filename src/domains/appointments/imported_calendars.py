"""Calendars that people keep elsewhere: read again and again, and of all that stands there only the times are kept."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Protocol, Self
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.appointments.spans import Span
from domains.shared.clock import Timestamp
from domains.shared.errors import ValidationFailed
from domains.shared.ids import new_id
from domains.shared.versions import Resource
from domains.shared.wire import Command, View, shown

MOST_CALENDARS = 10
"""Of one person."""
_LONGEST_HOST = 255
_EVERY = timedelta(hours=1)
_LONGEST_WAIT = timedelta(days=1)
_WHOLE_EVERY = timedelta(days=1)
_BACK, _AHEAD = timedelta(days=1), timedelta(days=800)
_EXAMPLE = "https://calendar.example.com/private-kTc0vSb2/basic.ics"
CalendarUrl = Annotated[
    str,
    Meta(min_length=10, max_length=2_000, pattern=r"^(https?|webcal)://[!-~]+$(?!\n)", examples=[_EXAMPLE]),
]


class ReadFailure(StrEnum):
    """Why a calendar could not be read.

    `address_not_allowed`: the address, or where it leads, is not an https one on the public internet. `refused`: the
    server answers with something other than the document. `too_complex`: working its times out takes too long, or
    there are more than 10,000.
    """

    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    NOT_A_CALENDAR = "not_a_calendar"
    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    TLS_FAILED = "tls_failed"
    TOO_COMPLEX = "too_complex"
    TOO_LARGE = "too_large"
    UNREACHABLE = "unreachable"


class NotRead(Exception):
    """A calendar could not be read."""

    def __init__(self, why: ReadFailure) -> None:
        super().__init__(why.value)
        self.why = why


class ImportCalendar(Command, frozen=True):
    """Where the calendar is: its private address in iCalendar format, as Google, Apple and Outlook show it."""

    url: CalendarUrl


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a server: busy times within `during`, days and floating times being those of `zone`.

    With `etag` or `modified`, only if the document is another one than it was then.
    """

    url: str
    zone: str
    during: Span
    etag: str | None
    modified: str | None


class Found(msgspec.Struct, frozen=True):
    """Busy times, in order, that neither meet nor touch; and what to ask with the next time."""

    busy: tuple[Span, ...]
    etag: str | None = None
    modified: str | None = None


class ImportedCalendar(Resource, kw_only=True):
    """One calendar of a person. `url` is in the clear here, and locked wherever it rests.

    `fetched_at` is when it was read last without failing, `read_at` when all of it was; `failures` came since.
    """

    user_id: UUID
    url: str
    etag: str | None
    modified: str | None
    fetch_at: datetime
    fetched_at: datetime | None
    read_at: datetime | None
    failures: int
    last_error: ReadFailure | None

    @classmethod
    def new(cls, user_id: UUID, url: str, *, now: datetime) -> Self:
        """One that is to be read at once. Raises `ValidationFailed`."""
        return cls(
            id=new_id(), user_id=user_id, url=_sound_address(url), etag=None, modified=None, fetch_at=now,
            fetched_at=None, read_at=None, failures=0, last_error=None, created_at=now, updated_at=now,
        )  # fmt: skip

    @property
    def shown_url(self) -> str:
        """Where it comes from. The rest of the address is the credential."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}/…"

    def is_due(self, now: datetime) -> bool:
        return self.fetch_at <= now

    def wanted(self, zone: str, *, now: datetime) -> Wanted:
        """All of it once a day, for days come into reach; else only if it is another one."""
        is_fresh = self.read_at is not None and now < self.read_at + _WHOLE_EVERY
        etag, modified = (self.etag, self.modified) if is_fresh else (None, None)
        return Wanted(url=self.url, zone=zone, during=Span(now - _BACK, now + _AHEAD), etag=etag, modified=modified)

    def was_read(self, found: Found | None, *, now: datetime) -> None:
        """Take what was found; None, where it is as it was."""
        if found is not None:
            self.etag, self.modified, self.read_at = found.etag, found.modified, now
        self.fetched_at, self.failures, self.last_error = now, 0, None
        self.fetch_at = now + _EVERY

    def was_not_read(self, why: ReadFailure, *, now: datetime) -> None:
        """Be patient with it: after an hour, two, four … up to a day."""
        self.fetch_at = now + min(_EVERY * 2 ** min(self.failures, 10), _LONGEST_WAIT)
        self.failures += 1
        self.last_error = why


class ImportedCalendarView(View, frozen=True):
    """A calendar that is imported. Of its address the server is shown.

    `lastError` says why it could not be read the last time; the times that were read before stay. `nextFetchAt` is
    when it is read again.
    """

    id: UUID
    user_id: UUID
    url: Annotated[str, Meta(max_length=300, examples=["https://calendar.example.com/…"])]
    last_fetched_at: Timestamp | None
    last_error: ReadFailure | None
    next_fetch_at: Timestamp
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, calendar: ImportedCalendar) -> Self:
        return shown(
            cls,
            calendar,
            url=calendar.shown_url,
            last_fetched_at=calendar.fetched_at,
            next_fetch_at=calendar.fetch_at,
        )


class ImportedCalendars(View, frozen=True):
    """All that are imported for one person, the oldest first."""

    items: Annotated[list[ImportedCalendarView], Meta(max_length=MOST_CALENDARS)]


class CalendarShelf(Protocol):
    """The calendars that are imported in the tenant, and the times in them."""

    async def of_user(self, user_id: UUID) -> list[ImportedCalendar]:
        """The oldest first. Raises `NotFound` for nobody of the tenant."""
        ...

    async def find(self, calendar_id: UUID) -> ImportedCalendar:
        """Raises `NotFound`."""
        ...

    async def for_change(self, calendar_id: UUID) -> ImportedCalendar | None:
        """Locked until the work ends."""
        ...

    async def add(self, calendar: ImportedCalendar) -> None: ...

    async def save(self, calendar: ImportedCalendar) -> None:
        """Store what became of reading it."""
        ...

    async def remove(self, calendar: ImportedCalendar) -> None:
        """With its times."""
        ...

    async def keep_busy(self, calendar: ImportedCalendar, busy: tuple[Span, ...]) -> bool:
        """Have it say these times and no others; whether any is different."""
        ...


class CalendarSource(Protocol):
    """The servers where calendars are."""

    async def read(self, wanted: Wanted) -> Found | None:
        """What is there; None, where it is as it was. Raises `NotRead`."""
        ...


def _sound_address(text: str) -> str:
    """With `https` for `webcal`, which means the same."""
    try:
        parts = urlsplit(text)
        is_sound = bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        raise _not_an_address() from None
    if not is_sound or len(parts.netloc) > _LONGEST_HOST:
        raise _not_an_address()
    scheme = "https" if parts.scheme == "webcal" else parts.scheme
    return urlunsplit((scheme, parts.netloc, parts.path, parts.query, ""))


def _not_an_address() -> ValidationFailed:
    return ValidationFailed.of("url", "invalid_url", "Expected an address with a host, and without a password.")
