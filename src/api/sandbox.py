"""What the sandbox's stand-ins were given. Mounted for development, demonstration and tests; never in production."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Protocol

from dishka.integrations.litestar import FromDishka
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.parameters import Limit
from domains.shared.clock import MovableClock, Timestamp, timestamp
from domains.shared.errors import ValidationFailed
from domains.shared.fields import EmailText
from domains.shared.wire import Command, View

_LONGEST_STEP = timedelta(days=366)

Letter = Annotated[str, Meta(max_length=1_000_000)]
ToAddress = Annotated[EmailText | None, QueryParameter(name="to")]
_OPEN = {"public": True, "unlimited": True}


class Mail(Protocol):
    """One message, as its receiver would see it; `sent_at` in seconds since 1970."""

    @property
    def to(self) -> list[str]: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def sent_at(self) -> float: ...


class Mailbox(Protocol):
    """What the mail server of the sandbox was given."""

    def messages(self, *, to: str | None, most: int) -> Sequence[Mail]:
        """The newest first; with `to`, those to that address only."""
        ...


class MailView(View, frozen=True):
    """A message that would have been sent."""

    to: Annotated[tuple[EmailText, ...], Meta(max_length=50)]
    subject: Annotated[str, Meta(max_length=1000)]
    text: Letter
    html: Letter
    sent_at: Timestamp


class MailList(View, frozen=True):
    """Messages, the newest first."""

    items: Annotated[tuple[MailView, ...], Meta(max_length=100)]


class AdvanceClock(Command, frozen=True):
    """How far to move the business clock on: an ISO 8601 duration, `PT1H`, `P30D`."""

    advance: timedelta


class ClockView(View, frozen=True):
    """What time it is for the business."""

    now: Timestamp


@get("/sandbox/mail", opt=_OPEN, include_in_schema=False)
async def list_sandbox_mail(mailbox: FromDishka[Mailbox], to: ToAddress = None, limit: Limit = 20) -> MailList:
    """Show the mail that the sandbox holds."""
    return MailList(items=tuple(_view(mail) for mail in mailbox.messages(to=to, most=limit)))


def _view(mail: Mail) -> MailView:
    sent_at = timestamp(datetime.fromtimestamp(mail.sent_at, UTC))
    return MailView(to=tuple(mail.to), subject=mail.subject, text=mail.text, html=mail.html, sent_at=sent_at)


@post("/sandbox/clock", opt=_OPEN, include_in_schema=False, status_code=HTTP_200_OK)
async def advance_sandbox_clock(data: JSONBody[AdvanceClock], clock: FromDishka[MovableClock]) -> ClockView:
    """Move the business clock on, and answer when all that was due by then is done."""
    if not timedelta() < data.advance <= _LONGEST_STEP:
        raise ValidationFailed.of("advance", "out_of_range", "Expected a duration of up to 366 days, such as PT1H.")
    await clock.advance(data.advance)
    return ClockView(now=timestamp(clock.now()))


SANDBOX_ROUTES: Sequence[ControllerRouterHandler] = (list_sandbox_mail, advance_sandbox_clock)
