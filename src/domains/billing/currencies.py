"""Amounts as people write them: in the whole unit of a currency, with its decimals."""

from decimal import Decimal

from babel.numbers import get_currency_precision


def decimals_of(currency: str) -> int:
    """How many decimals the currency has: 2 for USD, 0 for JPY, 3 for KWD."""
    return get_currency_precision(currency)


def in_units(amount: int, currency: str) -> Decimal:
    """An amount in the minor unit as one of the whole unit, with all its decimals: 1250 of USD is 12.50."""
    return Decimal(amount).scaleb(-decimals_of(currency))
