"""How numbers, amounts, days and long words are written on paper, in one language."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from domains.billing import written

_LONG_WORD = re.compile(r"\S{31,}")
_PIECE = re.compile(r"\S{8}(?=\S)")
_MOST_STACKED = 8
_STACKED = re.compile(r"[^\w\s]{9,}")
_NARROW, _UNBROKEN, _MAY_BREAK = "\u202f", "\u00a0", "\u200b"
_LINE = re.compile(r"\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_SHOWN = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


class Wording:
    """The words of one paper: `labels` by name, amounts in the minor unit of `currency`."""

    def __init__(self, language: str, currency: str, labels: dict[str, str]) -> None:
        self.language = language
        self.labels = labels
        self._currency = currency
        self._locale = Locale.parse(language, sep="-")

    def money(self, amount: int) -> str:
        return written(amount, self._currency, self.language)

    def number(self, text: str) -> str:
        return _wide(format_decimal(Decimal(text), locale=self.language, decimal_quantization=False))

    def quantity(self, text: str, unit: str | None) -> str:
        """A number, and what it counts where that is said."""
        return f"{self.number(text)}{_UNBROKEN}{soft(unit)}" if unit else self.number(text)

    def percent(self, rate: str) -> str:
        part = Decimal(rate).scaleb(-2)
        return _wide(format_percent(part, locale=self.language, decimal_quantization=False))

    def country(self, code: str) -> str:
        """Its name; the code of one that nobody knows."""
        return str(self._locale.territories.get(code, code))

    def day(self, day: date) -> str:
        return _wide(format_date(day, "long", locale=self.language))

    def short_day(self, day: date) -> str:
        return _wide(format_date(day, "medium", locale=self.language))


def soft(text: str, *, lines: int = 50) -> str:
    """Text as it came: its lines are lines, what cannot be seen is gone, words longer than a column may break.

    Beyond `lines`, lines run on: a thousand of them in each of 200 items would make four thousand pages.
    """
    all_lines = _STACKED.sub(_unstacked, _NOT_SHOWN.sub("", _LINE.sub("\n", text))).split("\n")
    plain = " ".join(["\n".join(all_lines[:lines]), *all_lines[lines:]])
    return _LONG_WORD.sub(lambda word: _PIECE.sub(lambda piece: piece[0] + _MAY_BREAK, word[0]), plain)


def _unstacked(run: re.Match[str]) -> str:
    """Of marks on one letter the first eight: a thousand of them take seconds to set."""
    kept, stacked = list[str](), 0
    for each in run[0]:
        stacked = stacked + 1 if unicodedata.category(each).startswith("M") else 0
        if stacked <= _MOST_STACKED:
            kept.append(each)
    return "".join(kept)


def _wide(text: str) -> str:
    """Fonts lack the narrow blank."""
    return text.replace(_NARROW, _UNBROKEN)
