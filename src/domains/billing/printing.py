"""Documents on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import msgspec

from domains.billing.items import DocumentTax, Item
from domains.billing.numbering import DocumentKind
from domains.billing.statements import AccountEntry
from domains.customers import Customer
from domains.tenants import PaperSize

_CITY_FIRST = frozenset(
    {None, "AU", "CA", "GB", "HK", "IE", "IN", "JP", "KR", "NZ", "PH", "SG", "TH", "TW", "US", "ZA"}
)


class Party(msgspec.Struct, frozen=True):
    """Who offers or charges, or is offered to or charged: a name, and the lines below it.

    `address` has the fields as on the wire. Its country, in the reader's language, comes after `lines`, before
    `contacts`.
    """

    name: str
    lines: tuple[str, ...] = ()
    address: Mapping[str, str | None] = msgspec.field(default_factory=dict)
    contacts: tuple[str, ...] = ()

    @property
    def country(self) -> str | None:
        return self.address.get("country")


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """The business as its documents show it. `paper` is None for what is usual in its country; `logo` is a PNG."""

    business: Party
    language: str
    paper: PaperSize | None = None
    tax_number: str | None = None
    footer: str | None = None
    logo: bytes | None = None


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on every paper. Amounts are in the minor unit of `currency`."""

    language: str
    head: Letterhead
    customer: Party
    currency: str


class PrintedDocument(Sheet, frozen=True, kw_only=True):
    """A quote, an invoice or a credit note. `corrects` is the number of the invoice that a credit note is about.

    `revision` counts the versions of a quote.

    `paid` and `credited` come off the total of an invoice: what is left is due, `deposit_due` of it until
    `deposit_due_on`. Of a cancelled one nothing is.
    """

    kind: DocumentKind
    number: str | None
    revision: int = 1
    issued_on: date
    due_on: date | None = None
    valid_until: date | None = None
    corrects: str | None = None
    cancelled_on: date | None = None
    prices_include_tax: bool
    items: tuple[Item, ...]
    subtotal: int
    discount_total: int
    taxes: tuple[DocumentTax, ...]
    total: int
    deposit_amount: int = 0
    deposit_due: int = 0
    deposit_due_on: date | None = None
    paid: int = 0
    credited: int = 0
    notes: str | None = None
    terms: str | None = None

    @property
    def due(self) -> int:
        return 0 if self.cancelled_on else self.total - self.paid - self.credited


class PrintedReceipt(Sheet, frozen=True, kw_only=True):
    """That `amount` was paid for the invoice. `refunded` of it went back, `lost` by disputes.

    `unapplied` of it is there beyond what was due; `due` is left of the invoice.
    """

    invoice: str
    paid_on: date
    method: str
    total: int
    amount: int
    unapplied: int = 0
    refunded: int = 0
    lost: int = 0
    due: int


class PrintedStatement(Sheet, frozen=True, kw_only=True):
    """What a customer owed before the period, what came then, and what is owed at its end, both days included."""

    begin: date
    end: date
    opening: int
    entries: tuple[AccountEntry, ...]
    closing: int
    overdue: int


def address_lines(address: Mapping[str, str | None]) -> tuple[str, ...]:
    """An address (its fields as on the wire) line by line, less its country. Most write the postal code first."""
    names = ("city", "state", "zipCode") if address.get("country") in _CITY_FIRST else ("zipCode", "city", "state")
    place = " ".join(filter(None, map(address.get, names)))
    return tuple(line for line in (address.get("street"), place) if line)


def party_of(customer: Customer) -> Party:
    """The customer under its first address: the company, and for whose attention, or the person."""
    name = customer.company or customer.name or ""
    attention = (customer.name,) if customer.company and customer.name else ()
    address = msgspec.to_builtins(customer.addresses[0]) if customer.addresses else {}
    return Party(name, (*attention, *address_lines(address)), address)


class Typesetting(Protocol):
    """Makes PDFs. Raises `Unavailable` where one cannot be made in time."""

    async def document(self, printed: PrintedDocument) -> bytes: ...

    async def receipt(self, printed: PrintedReceipt) -> bytes: ...

    async def statement(self, printed: PrintedStatement) -> bytes: ...
