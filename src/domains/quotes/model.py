"""A quote: what work would cost, as it is offered to a customer."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import UNSET

from domains.billing import Discount, DocumentDefaults, DocumentTax, Item, billed, document_taxes, items_of
from domains.quotes.commands import AcceptQuote, ChangeQuote, CreateQuote
from domains.quotes.errors import OfferOver
from domains.quotes.status import FOLLOWED_BY, QuoteStatus
from domains.shared.errors import DeadlinePassed, InvalidTransition, ValidationFailed
from domains.shared.fields import known_currency, trimmed
from domains.shared.ids import new_id

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class Quote(msgspec.Struct, kw_only=True):
    """An offer to a customer. Amounts are in the minor unit of `currency`; `number` is given when it is sent.

    So is `link`: the token of its page, locked.
    """

    id: UUID
    number: str | None
    status: QuoteStatus
    customer_id: UUID
    currency: str
    prices_include_tax: bool
    items: tuple[Item, ...]
    discount: Discount | None
    subtotal: int
    discount_total: int
    tax_total: int
    taxes: tuple[DocumentTax, ...]
    total: int
    valid_until: date | None
    notes: str | None
    terms: str | None
    sent_at: datetime | None
    accepted_at: datetime | None
    rejected_at: datetime | None
    reject_reason: str | None
    accepted_by: str | None
    signature: str | None
    link: bytes | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def draft(cls, order: CreateQuote, defaults: DocumentDefaults, *, now: datetime) -> Self:
        """A draft as ordered, with the taxes and the currency that the business has now."""
        currency = known_currency(order.currency or defaults.currency, "currency")
        items = items_of(order.items, rates=defaults.tax_rates)
        quote = cls(
            id=new_id(), number=None, status=QuoteStatus.DRAFT, customer_id=order.customer_id, currency=currency,
            prices_include_tax=order.prices_include_tax, items=items, discount=order.discount,
            subtotal=0, discount_total=0, tax_total=0, taxes=(), total=0,
            valid_until=_sound_day(order.valid_until), notes=_kept(order.notes), terms=_kept(order.terms),
            sent_at=None, accepted_at=None, rejected_at=None, reject_reason=None,
            accepted_by=None, signature=None, link=None,
            version=1, created_at=now, updated_at=now,
        )  # fmt: skip
        quote._add_up()
        return quote

    @property
    def is_draft(self) -> bool:
        return self.status is QuoteStatus.DRAFT

    @property
    def is_offered(self) -> bool:
        """Whether its customer can still decide."""
        return self.status is QuoteStatus.SENT

    def change(self, order: ChangeQuote, defaults: DocumentDefaults, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        self.must_be_draft()
        given = {name: getattr(order, name) for name in order.__struct_fields__}
        wanted = {name: value for name, value in given.items() if value is not UNSET}
        if "items" in wanted:
            known = {item.id for item in self.items}
            wanted["items"] = items_of(wanted["items"] or (), rates=defaults.tax_rates, known=known)
        if "valid_until" in wanted:
            wanted["valid_until"] = _sound_day(wanted["valid_until"])
        for name in {"notes", "terms"} & wanted.keys():
            wanted[name] = _kept(wanted[name])
        changed = [name for name, value in wanted.items() if value != getattr(self, name)]
        for name in changed:
            setattr(self, name, wanted[name])
        if changed:
            self._add_up()
            self._touch(now)
        return changed

    def must_be_draft(self) -> None:
        """Raise `InvalidTransition` once it is sent: what was offered stays as it was."""
        if not self.is_draft:
            raise InvalidTransition(f"It is {self.status.value}: only drafts change.")

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

        A discount that is more than what was chosen takes all of it.
        """
        name = trimmed(order.name, "name", shortest=1)
        if order.optional_item_ids is not UNSET:
            self._choose(set(order.optional_item_ids))
        self.accepted_by, self.signature = name, order.signature
        self.accept(now=now, today=today)

    def _choose(self, wanted: set[UUID]) -> None:
        if strange := wanted - {item.id for item in self.items if item.optional}:
            message = f"There is no such optional item: {min(map(str, strange))}."
            raise ValidationFailed.of("optionalItemIds", "unknown", message)
        chosen = (
            msgspec.structs.replace(item, selected=item.id in wanted) if item.optional else item for item in self.items
        )
        self.items = tuple(chosen)
        self._add_up(capped=True)

    def must_be_open(self, *, today: date) -> None:
        """Raise `OfferOver` where nobody decided in time."""
        is_late = self.is_offered and self.valid_until is not None and self.valid_until < today
        if self.status is QuoteStatus.EXPIRED or is_late:
            raise OfferOver("The offer was good until its last day, which is over.")

    def reject(self, reason: str | None, *, now: datetime) -> None:
        self.rejected_at, self.reject_reason = now, _kept(reason)
        self._become(QuoteStatus.REJECTED, now)

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
        return datetime.combine(self.valid_until + timedelta(days=1), time.min, zone)

    def _must_be_in_time(self, today: date) -> None:
        if self.valid_until is not None and self.valid_until < today:
            raise DeadlinePassed(f"It was valid until {self.valid_until.isoformat()}.")

    def _become(self, status: QuoteStatus, now: datetime) -> None:
        self.must_lead_to(status)
        self.status = status
        self._touch(now)

    def _add_up(self, *, capped: bool = False) -> None:
        sums = billed(self.items, discount=self.discount, inclusive=self.prices_include_tax, capped=capped)
        self.subtotal, self.discount_total, self.tax_total = sums.subtotal, sums.discount_total, sums.tax_total
        self.taxes, self.total = document_taxes(sums), sums.total

    def _touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = max(now, self.updated_at)


def _sound_day(day: date | None) -> date | None:
    """Raise `ValidationFailed` for a last day that is in no calendar of ours."""
    if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = f"Expected a date from {_FIRST_YEAR} to {_LAST_YEAR}."
        raise ValidationFailed.of("validUntil", "out_of_range", message)
    return day


def _kept(text: Any) -> str | None:
    return text.strip() or None if isinstance(text, str) else None
