"""Shares of an amount: what is taken off it, and what of it is asked for first."""

from decimal import Decimal
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from domains.billing.sums import LARGEST, WHOLE, half_up
from domains.shared.errors import ValidationFailed
from domains.shared.wire import Command
from domains.tenants import PercentText

_IN_A_PERCENT = 10_000


class Share(Command, frozen=True):
    """Either `percent`, above 0 and at most 100, or `amount`, above 0 and at most what it is taken from."""

    percent: Annotated[PercentText, Meta(examples=["10"])] | UnsetType = UNSET
    amount: Annotated[int, Meta(ge=1, le=LARGEST, examples=[500])] | UnsetType = UNSET

    def taken_from(self, amount: int, field: str, *, capped: bool = False) -> int:
        """How much it is, half up. A `capped` one is what there is, at most.

        Raises `ValidationFailed` where it is more than there is, or not one of the two.
        """
        if isinstance(self.percent, str) is isinstance(self.amount, int):
            raise ValidationFailed.of(field, "required", "Expected either a percent or an amount.")
        if isinstance(self.percent, str):
            rate = rate_of(self.percent, f"{field}.percent", at_least=1)
            return half_up(amount * rate, WHOLE)
        asked = int(self.amount or 0)
        if asked > amount and not capped:
            raise ValidationFailed.of(f"{field}.amount", "too_large", f"There are only {amount} to take it from.")
        return min(asked, amount)


class Discount(Share, frozen=True):
    """Either `percent`, above 0 and at most 100, or `amount`, above 0 and at most what it is taken from."""


class Deposit(Share, frozen=True):
    """What is asked for before the rest: a `percent` of the total, half up, or an `amount` of it, at most the total."""


def rate_of(percent: str, field: str, *, at_least: int = 0) -> int:
    """A percentage in ten-thousandths of a percent. `ValidationFailed` beyond 100 percent, and below `at_least`."""
    rate = int(Decimal(percent) * _IN_A_PERCENT)
    if rate > WHOLE:
        raise ValidationFailed.of(field, "too_large", "Expected at most 100 percent.")
    if rate < at_least:
        raise ValidationFailed.of(field, "too_small", "Expected more than 0 percent.")
    return rate
