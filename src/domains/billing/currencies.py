"""Amounts as people write them: in the whole unit of a currency, with its decimals."""

import copy
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from babel import Locale
from babel.numbers import format_currency

_USUAL = 2
_UNUSUAL: Mapping[int, str] = MappingProxyType(
    {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }
)
_DECIMALS: Mapping[str, int] = MappingProxyType(
    {currency: decimals for decimals, currencies in _UNUSUAL.items() for currency in currencies.split()}
)
_NARROW, _UNBROKEN = "\u202f", "\u00a0"
_CODE_BEFORE_NUMBER = re.compile(r"(?<=[^\W\d_])(?=[0-9])")


def decimals_of(currency: str) -> int:
    """How many decimals the currency has by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD.

    It is what programs count in. Babel knows what people write: no decimals for the Serbian dinar, which has two.
    """
    return _DECIMALS.get(currency, _USUAL)


def in_units(amount: int, currency: str) -> Decimal:
    """An amount in the minor unit as one of the whole unit, with all its decimals: 1250 of USD is 12.50."""
    return Decimal(amount).scaleb(-decimals_of(currency))


def written(amount: int, currency: str, language: str) -> str:
    """An amount in the minor unit as the language writes it, with all its decimals: 1250 of USD is `$12.50`.

    Blanks do not break, and are as wide as fonts have them. A code is parted from its number: `KWD 1.250`.
    """
    pattern = copy.copy(Locale.parse(language, sep="-").currency_formats["standard"])
    pattern.frac_prec = (decimals_of(currency),) * 2
    exact = in_units(amount, currency)
    text: str = format_currency(exact, currency, format=pattern, locale=language, currency_digits=False)
    return _CODE_BEFORE_NUMBER.sub(_UNBROKEN, text.replace(_NARROW, _UNBROKEN), count=1)
