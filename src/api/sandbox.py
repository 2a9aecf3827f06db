"""What the sandbox's stand-ins were given. Mounted for development, demonstration and tests; never in production."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Protocol

from dishka.integrations.litestar import FromDishka
from litestar import get
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.parameters import Limit
from domains.shared.clock import Timestamp, timestamp
from domains.shared.fields import EmailText
from domains.shared.wire import View

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


@get("/sandbox/mail", opt=_OPEN, include_in_schema=False)
async def list_sandbox_mail(mailbox: FromDishka[Mailbox], to: ToAddress = None, limit: Limit = 20) -> MailList:
    """Show the mail that the sandbox holds."""
    return MailList(items=tuple(_view(mail) for mail in mailbox.messages(to=to, most=limit)))


def _view(mail: Mail) -> MailView:
    sent_at = timestamp(datetime.fromtimestamp(mail.sent_at, UTC))
    return MailView(to=tuple(mail.to), subject=mail.subject, text=mail.text, html=mail.html, sent_at=sent_at)


SANDBOX_ROUTES: Sequence[ControllerRouterHandler] = (list_sandbox_mail,)
