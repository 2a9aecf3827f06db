"""PDFs of documents, set by Typst: the template is ours, and what is shown goes in as data."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec
import typst
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from domains.billing import Item, PrintedQuote
from domains.shared.languages import DEFAULT, language_of
from infra.documents.labels import labels_by
from infra.mail.catalogues import Catalogues

_TEMPLATE = Path(__file__).parent / "document.typ"
_LETTER_SIZED = frozenset({"US", "CA", "MX", "CL", "CO", "CR", "GT", "PA", "PH", "PR", "SV", "VE"})
_FONTS = ("Libertinus Serif", "Noto Sans Arabic", "Noto Sans CJK JP", "DejaVu Sans")
_LONG_WORD = re.compile(r"\S{31,}")
_PIECE = re.compile(r"\S{8}(?=\S)")
_NARROW, _UNBROKEN, _MAY_BREAK = "\u202f", "\u00a0", "\u200b"


class TypstDocuments:
    """The `Typesetting`. One compiler, kept, in a thread: a page takes it milliseconds."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues
        self._compiler = typst.Compiler(_TEMPLATE)
        self._lock = Lock()

    async def quote(self, printed: PrintedQuote) -> bytes:
        return await asyncio.to_thread(self._compiled, printed, "pdf")

    def pages(self, printed: PrintedQuote) -> list[bytes]:
        """The same as pictures (PNG), to be looked at."""
        found = self._compiled(printed, "png")
        return found if isinstance(found, list) else [found]

    def _compiled(self, printed: PrintedQuote, form: Any) -> Any:
        language = language_of(printed.language, DEFAULT)
        shown = Shown(printed, language, labels_by(self._catalogues.of(language).gettext)).all()
        made_on = datetime.combine(printed.issued_on, time.min, UTC)
        with self._lock:
            return self._compiler.compile(
                format=form, sys_inputs={"data": msgspec.json.encode(shown).decode()}, timestamp=made_on
            )


class Shown:
    """What a document says, each word and number as its reader's language writes it."""

    def __init__(self, printed: PrintedQuote, language: str, labels: dict[str, str]) -> None:
        self._printed = printed
        self._language = language
        self._labels = labels

    def all(self) -> dict[str, Any]:
        of, labels = self._printed, self._labels
        return {
            "language": self._language,
            "paper": "us-letter" if of.country in _LETTER_SIZED else "a4",
            "fonts": _FONTS,
            "labels": labels,
            "title": f"{labels['quote']} {of.number or labels['draft']}",
            "heading": labels["quote"],
            "facts": list(self._facts()),
            "business": {"name": _soft(of.business.name), "lines": [_soft(line) for line in of.business.lines]},
            "customer": {"name": _soft(of.customer.name), "lines": [_soft(line) for line in of.customer.lines]},
            "items": [self._item(item) for item in of.items],
            "sums": list(self._sums()),
            "total": self._money(of.total),
            "remark": labels["inclusive"] if of.prices_include_tax else None,
            "notes": of.notes and _soft(of.notes),
            "terms": of.terms and _soft(of.terms),
        }

    def _facts(self) -> Iterator[tuple[str, str]]:
        yield self._labels["number"], self._printed.number or self._labels["draft"]
        yield self._labels["date"], self._day(self._printed.issued_on)
        if self._printed.valid_until:
            yield self._labels["valid_until"], self._day(self._printed.valid_until)

    def _item(self, item: Item) -> dict[str, Any]:
        notes = [] if item.counts else [self._labels["not_chosen"]]
        if item.discount:
            notes.append(f"{self._labels['discount']}: {self._money(item.total - item.amount)}")
        return {
            "description": _soft(item.description),
            "notes": notes,
            "quantity": self._number(item.quantity),
            "price": self._money(item.unit_price),
            "tax": ", ".join(f"{self._number(tax.rate)}\u00a0%" for tax in item.taxes),
            "total": self._money(item.total),
        }

    def _sums(self) -> Iterator[tuple[str, str]]:
        yield self._labels["subtotal"], self._money(self._printed.subtotal)
        if self._printed.discount_total:
            yield self._labels["discount"], self._money(-self._printed.discount_total)
        for tax in self._printed.taxes:
            yield f"{tax.name} {self._number(tax.rate)}\u00a0% ({self._money(tax.base)})", self._money(tax.amount)

    def _money(self, amount: int) -> str:
        currency = self._printed.currency
        exact = Decimal(amount).scaleb(-get_currency_precision(currency))
        return _wide(format_currency(exact, currency, locale=self._language))

    def _number(self, text: str) -> str:
        return _wide(format_decimal(Decimal(text), locale=self._language, decimal_quantization=False))

    def _day(self, day: date) -> str:
        return _wide(format_date(day, "long", locale=self._language))


def _wide(text: str) -> str:
    """Fonts lack the narrow blank."""
    return text.replace(_NARROW, _UNBROKEN)


def _soft(text: str) -> str:
    """Words that are longer than a column may be broken."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub(lambda piece: piece[0] + _MAY_BREAK, word[0]), text)
