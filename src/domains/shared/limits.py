"""How often somebody may do something. The wall clock rules it, not the business clock.

A window opens with the first thing counted in it, and closes after its length: then the whole allowance is there again.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import ceil
from types import MappingProxyType
from typing import Protocol

import msgspec

from domains.shared.errors import RateLimited


class LimitName(StrEnum):
    """What is limited. The first two are for every request: of others by their network, of users by user.

    `login` counts failures only, by network; `account_login` and `second_factor` the same by account, `code_guess` and
    `code_mail` by address. What no route counts yet has its rate already.
    """

    ANONYMOUS = "anonymous"
    CALLER = "caller"
    LOGIN = "login"
    AUTH = "auth"
    ACCOUNT_LOGIN = "account_login"
    CODE_GUESS = "code_guess"
    CODE_MAIL = "code_mail"
    SECOND_FACTOR = "second_factor"
    MESSAGE = "message"
    CHANNEL_MESSAGE = "channel_message"
    UPLOAD = "upload"
    ASSISTANT = "assistant"
    TYPING = "typing"
    SOCKET = "socket"
    INTEGRATION_TEST = "integration_test"
    HOLD = "hold"


class Rate(msgspec.Struct, frozen=True):
    """At most `most` in `seconds`."""

    most: int
    seconds: int


class Window(msgspec.Struct, frozen=True):
    """A rate under the name it is counted by."""

    name: str
    most: int
    seconds: int


_MINUTE, _HOUR = 60, 3600
DEFAULT_RATES: Mapping[LimitName, tuple[Rate, ...]] = MappingProxyType(
    {
        LimitName.ANONYMOUS: (Rate(100, _MINUTE),),
        LimitName.CALLER: (Rate(100, _MINUTE), Rate(1000, _HOUR)),
        LimitName.LOGIN: (Rate(5, _MINUTE),),
        LimitName.AUTH: (Rate(5, _MINUTE),),
        LimitName.ACCOUNT_LOGIN: (Rate(5, 15 * _MINUTE),),
        LimitName.CODE_GUESS: (Rate(20, _HOUR),),
        LimitName.CODE_MAIL: (Rate(5, _HOUR),),
        LimitName.SECOND_FACTOR: (Rate(30, 24 * _HOUR),),
        LimitName.MESSAGE: (Rate(100, _MINUTE),),
        LimitName.CHANNEL_MESSAGE: (Rate(60, _MINUTE),),
        LimitName.UPLOAD: (Rate(20, _HOUR),),
        LimitName.ASSISTANT: (Rate(50, _HOUR),),
        LimitName.TYPING: (Rate(1, 1),),
        LimitName.SOCKET: (Rate(10, _MINUTE),),
        LimitName.INTEGRATION_TEST: (Rate(10, _MINUTE),),
        LimitName.HOLD: (Rate(10, _MINUTE),),
    }
)


class RateLimits(msgspec.Struct, frozen=True):
    """The rates of an installation, by name. A name without a rate is not limited."""

    rates: Mapping[LimitName, tuple[Rate, ...]]

    @classmethod
    def off(cls) -> "RateLimits":
        return cls({})

    @property
    def is_off(self) -> bool:
        return not self.rates

    def windows(self, name: LimitName) -> tuple[Window, ...]:
        """All windows in which something of this name is counted."""
        return windows_of(name, self.rates.get(name, ()))


def windows_of(name: LimitName, rates: Sequence[Rate]) -> tuple[Window, ...]:
    """The windows of these rates."""
    return tuple(Window(f"{name}:{rate.seconds}", rate.most, rate.seconds) for rate in rates)


class Allowance(msgspec.Struct, frozen=True):
    """What the tightest window says: `resets_in` seconds it is whole again."""

    granted: bool
    most: int
    remaining: int
    resets_in: float

    @classmethod
    def of(
        cls, windows: Sequence[Window], used: Sequence[int], resets_in: Sequence[float], *, granted: bool
    ) -> "Allowance":
        """The tightest has the least left; among those, it is the one that takes longest to be whole again."""
        left = [max(0, window.most - count) for window, count in zip(windows, used, strict=True)]
        at = min(range(len(windows)), key=lambda index: (left[index], -resets_in[index]))
        return cls(granted, windows[at].most, left[at], max(0.0, resets_in[at]))

    def must_be_granted(self) -> None:
        """Raise `RateLimited` unless it was."""
        if not self.granted:
            wait = max(1, ceil(self.resets_in))
            raise RateLimited(
                "Too many of these. `retryAfter` says for how many seconds to wait.", most=self.most, retry_after=wait
            )


UNLIMITED = Allowance(granted=True, most=0, remaining=0, resets_in=0.0)


class RateLimiter(Protocol):
    """Counts, for all processes together, however many ask at once."""

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        """Count one in each of `who`'s `windows`; where one of them is full, count none, and do not grant it."""
        ...

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        """Undo one `take` that was granted, as far as its windows are still open."""
        ...
