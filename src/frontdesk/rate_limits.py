"""The limits of an installation: `RATE_LIMIT_<NAME>` for each that differs from what is usual."""

import re
from collections.abc import Iterable
from datetime import timedelta

from domains.shared.limits import DEFAULT_RATES, LimitName, Rate, RateLimits
from frontdesk.variables import Variables, length_of

_RATE = re.compile(r"(?P<most>[1-9][0-9]{0,8})/(?P<time>[0-9]{1,7}[smhd]?)")
_SHORTEST, _LONGEST = timedelta(seconds=1), timedelta(days=1)


def variable_of(name: LimitName) -> str:
    return f"RATE_LIMIT_{name.upper()}"


def limits_in(variables: Variables) -> RateLimits:
    """The usual limits, and what is set in their place."""
    return RateLimits({name: _rates(name, variables) for name in LimitName})


def _rates(name: LimitName, variables: Variables) -> tuple[Rate, ...]:
    given = variables.text(variable_of(name))
    if given is None:
        return DEFAULT_RATES[name]
    found = rates_of(given)
    if found is None:
        variables.wrong(variable_of(name), f"must be such as 100/1m or 100/1m,1000/1h, not {given!r}")
        return DEFAULT_RATES[name]
    return found


def rates_of(text: str) -> tuple[Rate, ...] | None:
    """What is written as `100/1m,1000/1h`; None for what is not."""
    rates = [_rate(part.strip()) for part in text.split(",")]
    found = tuple(rate for rate in rates if rate)
    return found if len(found) == len(rates) == len({rate.seconds for rate in found}) else None


def written(rates: Iterable[Rate]) -> str:
    """The same as text, in seconds."""
    return ",".join(f"{rate.most}/{rate.seconds}s" for rate in rates)


def _rate(text: str) -> Rate | None:
    match = _RATE.fullmatch(text)
    length = length_of(match["time"]) if match else None
    if match is None or length is None or not _SHORTEST <= length <= _LONGEST:
        return None
    return Rate(int(match["most"]), int(length.total_seconds()))
