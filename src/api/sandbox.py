"""What the sandbox's stand-ins were given. Mounted for development, demonstration and tests; never in production."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Protocol

from dishka.integrations.litestar import FromDishka
from litestar import get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.parameters import Limit
from domains.shared.clock import MovableClock, Timestamp, timestamp
from domains.shared.errors import NotFound, ValidationFailed
from domains.shared.fields import EmailText
from domains.shared.wire import Command, View

_LONGEST_STEP = timedelta(days=366)

Letter = Annotated[str, Meta(max_length=1_000_000)]
Name = Annotated[str, Meta(max_length=100)]
Address = Annotated[str, Meta(max_length=500)]
IntentId = Annotated[Name, PathParameter()]
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


class PaymentSandbox(Protocol):
    """The stand-in for Stripe."""

    async def payments(self) -> Sequence[Mapping[str, Any]]:
        """The intents, the newest first."""
        ...

    async def confirm(self, intent: str, card: str | None) -> Mapping[str, Any] | None:
        """Pay one by card; what it is then. None where it cannot be paid."""
        ...

    async def follow(self, now: datetime) -> None:
        """Have it be so late there too."""
        ...

    async def want_fault(self, kind: str, times: int) -> bool:
        """Whether there is such a kind."""
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
async def advance_sandbox_clock(
    data: JSONBody[AdvanceClock], clock: FromDishka[MovableClock], sandbox: FromDishka[PaymentSandbox]
) -> ClockView:
    """Move the business clock on, and answer when all that was due by then is done."""
    if not timedelta() < data.advance <= _LONGEST_STEP:
        raise ValidationFailed.of("advance", "out_of_range", "Expected a duration of up to 366 days, such as PT1H.")
    await sandbox.follow(clock.now() + data.advance)
    await clock.advance(data.advance)
    return ClockView(now=timestamp(clock.now()))


class SandboxPayment(View, frozen=True):
    """An intent as the stand-in has it. `redirectUrl` is the page of the bank where the card's holder confirms it."""

    intent_id: Name
    amount: int
    currency: Name
    status: Name
    redirect_url: Address | None
    created_at: Timestamp


class SandboxPayments(View, frozen=True):
    """Intents, the newest first."""

    items: Annotated[tuple[SandboxPayment, ...], Meta(max_length=100)]


class PayByCard(Command, frozen=True):
    """The number of one of Stripe's test cards; 4242424242424242 where none is given."""

    card: Name | None = None


class WantFault(Command, frozen=True):
    """Of the next `times` requests or webhooks. `timeout`: done, and not answered."""

    provider: Literal["stripe"]
    kind: Literal["bad_signature", "delay", "duplicate", "error", "loss", "rate_limit", "reorder", "timeout"]
    times: Annotated[int, Meta(ge=1, le=1000)] = 1


@get("/sandbox/payments", opt=_OPEN, include_in_schema=False)
async def list_sandbox_payments(sandbox: FromDishka[PaymentSandbox], limit: Limit = 20) -> SandboxPayments:
    """Show the payment intents that the stand-in has."""
    return SandboxPayments(items=tuple(_intent(each) for each in (await sandbox.payments())[:limit]))


@post("/sandbox/payments/{intent_id:str}/confirm", opt=_OPEN, include_in_schema=False, status_code=HTTP_200_OK)
async def confirm_sandbox_payment(
    intent_id: IntentId, data: JSONBody[PayByCard], sandbox: FromDishka[PaymentSandbox]
) -> SandboxPayment:
    """Pay an intent by card, as a page with Stripe's own script would."""
    found = await sandbox.confirm(intent_id, data.card)
    if found is None:
        raise NotFound("There is no such intent that can be paid so.")
    return _intent(found)


@post("/sandbox/faults", opt=_OPEN, include_in_schema=False, status_code=HTTP_204_NO_CONTENT)
async def want_sandbox_fault(data: JSONBody[WantFault], sandbox: FromDishka[PaymentSandbox]) -> None:
    """Have the next requests or webhooks of a provider fail."""
    if not await sandbox.want_fault(data.kind, data.times):
        raise NotFound("There is no such stand-in.")


def _intent(found: Mapping[str, Any]) -> SandboxPayment:
    return SandboxPayment(
        intent_id=found["id"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        status=found["status"],
        redirect_url=found["next_action"]["redirect_to_url"]["url"] if found["next_action"] else None,
        created_at=timestamp(datetime.fromtimestamp(found["created"], UTC)),
    )


SANDBOX_ROUTES: Sequence[ControllerRouterHandler] = (
    list_sandbox_mail,
    list_sandbox_payments,
    confirm_sandbox_payment,
    want_sandbox_fault,
    advance_sandbox_clock,
)
