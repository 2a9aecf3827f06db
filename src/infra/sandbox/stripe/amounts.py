"""Which amounts Stripe takes (https://docs.stripe.com/currencies)."""

from collections.abc import Mapping
from types import MappingProxyType

from infra.sandbox.stripe.forms import whole
from infra.sandbox.stripe.refusals import Json, invalid

_STEPS: Mapping[str, int] = MappingProxyType(
    {**dict.fromkeys(("bhd", "jod", "kwd", "omr", "tnd"), 10), **dict.fromkeys(("isk", "ugx"), 100)}
)
_LEAST: Mapping[str, int] = MappingProxyType({"eur": 50, "gbp": 30, "jpy": 50, "usd": 50})


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
