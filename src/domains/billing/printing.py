"""Documents on paper."""

from collections.abc import Mapping
from datetime import date
from typing import Protocol

import msgspec

from domains.billing.items import Discount, DocumentTax, Item


class Party(msgspec.Struct, frozen=True):
    """Who offers, or is offered to: a name, and the lines below it."""

    name: str
    lines: tuple[str, ...] = ()


class PrintedQuote(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on the paper. `country` of the business decides its size: Letter where that is usual, or else A4."""

    number: str | None
    language: str
    country: str | None
    business: Party
    customer: Party
    issued_on: date
    valid_until: date | None
    currency: str
    prices_include_tax: bool
    items: tuple[Item, ...]
    discount: Discount | None
    subtotal: int
    discount_total: int
    taxes: tuple[DocumentTax, ...]
    total: int
    notes: str | None
    terms: str | None


class Letterhead(msgspec.Struct, frozen=True, kw_only=True):
    """The business as its documents show it."""

    business: Party
    country: str | None
    language: str


def address_lines(address: Mapping[str, str | None]) -> tuple[str, ...]:
    """An address (its fields as on the wire) line by line, as most countries write it."""
    city = " ".join(filter(None, (address.get("city"), address.get("state"), address.get("zipCode"))))
    return tuple(line for line in (address.get("street"), city, address.get("country")) if line)


class Typesetting(Protocol):
    """Makes PDFs."""

    async def quote(self, printed: PrintedQuote) -> bytes: ...
