"""What is asked of payments."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from domains.billing import LARGEST
from domains.payments.status import RefundReason
from domains.shared.fields import ONE_LINE
from domains.shared.wire import Command

WantedAmount = Annotated[int, Meta(ge=1, le=LARGEST, examples=[12500])]
PaymentNote = Annotated[str, Meta(min_length=1, max_length=500, pattern=ONE_LINE, examples=["Cheque 1024"])]


class CreateIntent(Command, frozen=True):
    """Pay an invoice by card: what is asked of it next, or `amount` of what is due."""

    invoice_id: UUID
    amount: WantedAmount | None = None


class PayPublicly(Command, frozen=True):
    """Pay by the link of an invoice: what is asked of it next, or `amount` of what is due."""

    amount: WantedAmount | None = None


class RecordPayment(Command, frozen=True):
    """Money that came otherwise. `receivedOn` is the day on which it came, today unless another is given."""

    amount: WantedAmount
    method: Annotated[Literal["cash", "cheque", "transfer", "other"], Meta(examples=["cash"])]
    received_on: date | None = None
    note: PaymentNote | None = None


class RefundPayment(Command, frozen=True):
    """Give back all that is left, or `amount` of it."""

    amount: WantedAmount | None = None
    reason: RefundReason = RefundReason.REQUESTED_BY_CUSTOMER
