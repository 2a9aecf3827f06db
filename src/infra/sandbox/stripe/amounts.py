"""Which amounts Stripe takes (https://docs.stripe.com/currencies)."""

from collections.abc import Mapping
from types import MappingProxyType

from infra.sandbox.stripe.forms import whole
from infra.sandbox.stripe.refusals import Json, invalid

_STEPS: Mapping[str, int] = MappingProxyType(
    {**dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10), **dict.fromkeys(("isk", "ugx"), 100)}
)
_LEAST: Mapping[str, int] = MappingProxyType({"eur": 50, "gbp": 30, "jpy": 50, "usd": 50})
_CODES = """
aed afn all amd aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc
cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy
kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio
nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd szl thb tjs tnd
top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw
"""
CHARGED_IN = frozenset(_CODES.split())


def currency_of(asked: Json) -> str:
    """The `currency` in which a card is charged."""
    currency = str(asked.get("currency", "")).lower()
    if currency not in CHARGED_IN:
        raise invalid(f"Invalid currency: {currency[:20]}", param="currency")
    return currency


def amount_of(asked: Json, currency: str) -> int | None:
    """The `amount`; None where it is absent.

    Of three decimals the last one is 0, and of currencies that were once counted in hundredths, both of two are.
    """
    amount = whole(asked, "amount", low=1)
    step = _STEPS.get(currency, 1)
    if amount is not None and amount % step:
        raise invalid(f"This value must be divisible by {step}.", param="amount", code="invalid_charge_amount")
    return amount


def charged_amount_of(asked: Json, currency: str) -> int | None:
    """The same of a charge, which is not too small to be worth it."""
    amount = amount_of(asked, currency)
    if amount is not None and amount < _LEAST.get(currency, 1):
        raise invalid("Amount is below the least that is charged.", param="amount", code="amount_too_small")
    return amount
