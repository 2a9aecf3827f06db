"""A clock that is moved by hand, a limiter that can be away, attempts in memory."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from domains.shared.limits import UNLIMITED, Allowance, LimitName, RateLimiter, RateLimits, Window
from infra.limits.cautious import CannotCount
from infra.limits.memory import MemoryLimits
from tests.support.fakes import MemoryWork


class Hands:
    """Seconds, as `time.monotonic` gives them."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class Absent:
    """A `RateLimiter` that is away until told otherwise. `asked` counts the calls."""

    def __init__(self) -> None:
        self._inner = MemoryLimits()
        self.away, self.asked = True, 0

    async def take(self, who: str, windows: Sequence[Window]) -> Allowance:
        self._ask()
        return await self._inner.take(who, windows)

    async def give_back(self, who: str, windows: Sequence[Window]) -> None:
        self._ask()
        await self._inner.give_back(who, windows)

    def _ask(self) -> None:
        self.asked += 1
        if self.away:
            raise CannotCount


class MemoryAttempts:
    """`Attempts` of one place, in a work's table. Its windows do not close."""

    def __init__(self, work: MemoryWork, limits: RateLimits, *, place: str = "here") -> None:
        self._work = work
        self._limits = limits
        self._place = place

    async def login(self, email: str) -> Allowance:
        return self._count(LimitName.ACCOUNT_LOGIN, self._login_key(email))

    async def login_succeeded(self, email: str) -> None:
        attempts, key = self._work.table("attempts"), self._login_key(email)
        attempts[LimitName.ACCOUNT_LOGIN, key] = max(0, attempts.get((LimitName.ACCOUNT_LOGIN, key), 0) - 1)
        self._work.table("known_places")[email, self._place] = True

    async def second_factor(self, account: UUID) -> Allowance:
        return self._count(LimitName.SECOND_FACTOR, str(account))

    async def second_factor_succeeded(self, account: UUID) -> None:
        key = (LimitName.SECOND_FACTOR, str(account))
        self._work.table("attempts")[key] = max(0, self._work.table("attempts").get(key, 0) - 1)

    async def code_guess(self, email: str) -> Allowance:
        return self._count(LimitName.CODE_GUESS, email)

    async def code_mail(self, email: str) -> Allowance:
        return self._count(LimitName.CODE_MAIL, email)

    async def invitation_mail(self, email: str) -> Allowance:
        return self._count(LimitName.CODE_MAIL, f"invitation {email}")

    async def visit_mail(self, email: str) -> Allowance:
        return self._count(LimitName.CODE_MAIL, f"visit {email}")

    def _login_key(self, email: str) -> str:
        is_known = (email, self._place) in self._work.table("known_places")
        return f"{email} at {self._place}" if is_known else email

    def _count(self, name: LimitName, key: str) -> Allowance:
        windows = self._limits.windows(name)
        if not windows:
            return UNLIMITED
        attempts = self._work.table("attempts")
        used = attempts.get((name, key), 0)
        granted = used < windows[0].most
        attempts[name, key] = used + granted
        return Allowance.of(windows[:1], [used + granted], [windows[0].seconds], granted=granted)


async def granted_at_last(limiter: RateLimiter, who: str, window: Window, *, seconds: int = 20) -> Allowance:
    """What is granted after some waiting, else the last refusal."""
    for _ in range(20 * seconds):
        if (allowance := await limiter.take(who, [window])).granted:
            return allowance
        await asyncio.sleep(0.05)
    return await limiter.take(who, [window])
