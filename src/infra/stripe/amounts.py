"""Amounts as Stripe counts them, which is not by ISO 4217 throughout (https://docs.stripe.com/currencies).

Crowns of Iceland and shillings of Uganda have two decimals there, which are always 00; the ariary has none.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from domains.billing import decimals_of
from domains.shared.currencies import CURRENT
from domains.shared.vendors import Refused

_DECIMALS: Mapping[str, int] = MappingProxyType({"ISK": 2, "MGA": 0, "UGX": 2})
_OTHERS = """
BOV BTN CHE CHW CLF COU CUP ERN GHS IQD IRR KPW LYD MRU MXV SDG SSP STN SVC SYP TMT USN UYI UYW VED VES ZWG
"""
_NOT_TAKEN = frozenset(_OTHERS.split())


def is_taken(currency: str) -> bool:
    """Whether Stripe charges cards in it."""
    return currency in CURRENT and currency not in _NOT_TAKEN


def to_stripe(amount: int, currency: str) -> int:
    """An amount in the minor unit of `currency` as Stripe wants it. Raise `Refused` for what it cannot tell."""
    exact = Decimal(amount).scaleb(_more_decimals(currency))
    if exact != exact.to_integral_value():
        raise Refused("amount_not_whole")
    return int(exact)


def from_stripe(amount: int, currency: str) -> int:
    """The reverse."""
    return int(Decimal(amount).scaleb(-_more_decimals(currency)).to_integral_value(ROUND_HALF_UP))


def _more_decimals(currency: str) -> int:
    usual = decimals_of(currency)
    return _DECIMALS.get(currency, usual) - usual
