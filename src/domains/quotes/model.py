"""A quote: what work would cost, as it is offered to a customer."""

import re
from datetime import date, datetime
from typing import Self
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from domains.billing import Document, DocumentDefaults, Revision, end_of, kept_text
from domains.quotes.commands import AcceptQuote
from domains.quotes.errors import OfferOver
from domains.quotes.status import FOLLOWED_BY, QuoteStatus
from domains.shared.errors import Conflict, DeadlinePassed, InvalidTransition, ValidationFailed
from domains.shared.fields import trimmed
from domains.shared.ids import new_id

_DATA = "data:"
_PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/]+={0,2}")


class Quote(Document, kw_only=True):
    """An offer to a customer. `invoice_id` is what it was converted to.

    `revision` counts its versions. `revision_of` is the version before it; `superseded_by` the one that took its place.
    """

    status: QuoteStatus = QuoteStatus.DRAFT
    valid_until: date | None = None
    accepted_at: datetime | None = None
    rejected_at: datetime | None = None
    reject_reason: str | None = None
    accepted_by: str | None = None
    signature: str | None = None
    invoice_id: UUID | None = None
    revision: int = 1
    revision_of: UUID | None = None
    superseded_by: UUID | None = None

    @property
    def is_offered(self) -> bool:
        """Whether its customer can still decide."""
        return self.status is QuoteStatus.SENT

    @property
    def is_accepted(self) -> bool:
        return self.status is QuoteStatus.ACCEPTED

    def revise(self, order: Revision, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order` on a draft. All versions of an offer are for one customer, or `ValidationFailed`."""
        if self.revision_of is not None and order.given().get("customer_id", self.customer_id) != self.customer_id:
            raise ValidationFailed.of("customerId", "conflict", "A later version is for the same customer.")
        return super().revise(order, defaults, now=now)

    def must_be_last(self) -> None:
        """Raise `InvalidTransition` unless it was sent, was not accepted, and no later version took its place."""
        if self.is_draft or self.is_accepted:
            raise InvalidTransition(f"It is {self.status.value}: there is no later version of it.")
        if self.superseded_by is not None:
            raise InvalidTransition("A later version took its place already.")

    def next_version(self, customer: UUID, *, now: datetime) -> Self:
        """A draft with the same content, for whoever its customer is by now."""
        self.must_be_last()
        return msgspec.structs.replace(
            self,
            id=new_id(),
            version=1,
            created_at=now,
            updated_at=now,
            customer_id=customer,
            number=None,
            sent_at=None,
            link=None,
            status=QuoteStatus.DRAFT,
            rejected_at=None,
            reject_reason=None,
            revision=self.revision + 1,
            revision_of=self.id,
        )

    def supersede(self, later: UUID, *, now: datetime) -> None:
        """Have a later version take its place: what was offered is over."""
        self.must_be_last()
        self.superseded_by = later
        if self.is_offered:
            self.status = QuoteStatus.EXPIRED
        self.touch(now)

    def must_be_sendable(self, *, today: date) -> None:
        """Raise `ValidationFailed` where nothing is offered, `DeadlinePassed` where nobody could accept any more."""
        if not self.items:
            raise ValidationFailed.of("items", "required", "An offer has an item at least.")
        self._must_be_in_time(today)

    def send(self, number: str, link: bytes, *, now: datetime) -> None:
        """Offer it, under the number and the link that it keeps."""
        self.number, self.link, self.sent_at = number, link, now
        self._become(QuoteStatus.SENT, now)

    def accept(self, *, now: datetime, today: date) -> None:
        """Raise `DeadlinePassed` after its last day."""
        self.must_lead_to(QuoteStatus.ACCEPTED)
        self._must_be_in_time(today)
        self.accepted_at = now
        self._become(QuoteStatus.ACCEPTED, now)

    def sign(self, order: AcceptQuote, *, now: datetime, today: date) -> None:
        """Have its customer accept it, with the optional items of the order; without any named, as it was offered.

        A discount or a deposit that is more than what was chosen takes all of it.
        """
        name = trimmed(order.name, "name", shortest=1)
        if order.signature.lstrip()[:5].lower() == _DATA and not _PICTURE.fullmatch(order.signature):
            raise ValidationFailed.of("signature", "invalid_format", "Expected a PNG or a JPEG, or a name.")
        if order.optional_item_ids is not UNSET:
            self._choose(set(order.optional_item_ids))
        self.accepted_by, self.signature = name, order.signature
        self.accept(now=now, today=today)

    def must_be_accepted_by(self, name: str) -> None:
        """Raise `Conflict` where somebody else has accepted it."""
        if self.accepted_by is not None and self.accepted_by != name.strip():
            raise Conflict("Somebody else has accepted it already.")

    def _choose(self, wanted: set[UUID]) -> None:
        if strange := wanted - {item.id for item in self.items if item.optional}:
            message = f"There is no such optional item: {min(map(str, strange))}."
            raise ValidationFailed.of("optionalItemIds", "unknown", message)
        chosen = (
            msgspec.structs.replace(item, selected=item.id in wanted) if item.optional else item for item in self.items
        )
        self.items = tuple(chosen)
        self.add_up(capped=True)

    def must_be_open(self, *, today: date) -> None:
        """Raise `OfferOver` where nobody decided in time, and where its customer was erased."""
        is_late = self.is_offered and self.valid_until is not None and self.valid_until < today
        if self.status is QuoteStatus.EXPIRED or is_late or self.link is None:
            raise OfferOver("The offer was good until its last day, which is over.")

    def reject(self, reason: str | None, *, now: datetime) -> None:
        self.rejected_at, self.reject_reason = now, kept_text(reason)
        self._become(QuoteStatus.REJECTED, now)

    def convert(self, invoice: UUID, *, now: datetime) -> None:
        """Have it charged by `invoice`. `InvalidTransition` unless it was accepted."""
        if not self.is_accepted:
            raise InvalidTransition(f"It is {self.status.value}: only what was accepted becomes an invoice.")
        self.invoice_id = invoice
        self.touch(now)

    def release(self, *, now: datetime) -> None:
        """Have it charged by none again: the draft of its invoice is gone."""
        self.invoice_id = None
        self.touch(now)

    def expire(self, *, now: datetime) -> None:
        self._become(QuoteStatus.EXPIRED, now)

    def must_lead_to(self, status: QuoteStatus) -> None:
        """Raise `InvalidTransition` unless `status` may follow."""
        if status not in FOLLOWED_BY[self.status]:
            raise InvalidTransition(f"What is {self.status.value} does not become {status.value}.")

    def over_at(self, zone: ZoneInfo) -> datetime | None:
        """When its last day ends in `zone`; None where it has none."""
        if self.valid_until is None:
            return None
        return end_of(self.valid_until, zone)

    def _must_be_in_time(self, today: date) -> None:
        if self.valid_until is not None and self.valid_until < today:
            raise DeadlinePassed(f"It was valid until {self.valid_until.isoformat()}.")

    def _become(self, status: QuoteStatus, now: datetime) -> None:
        self.must_lead_to(status)
        self.status = status
        self.touch(now)
