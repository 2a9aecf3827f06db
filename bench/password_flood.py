"""How late the event loop is while logins pour in (attack C15 193): `python -m bench.password_flood`.

The limit on logins is off, or it would keep the flood away from what is measured.
"""

import asyncio
import statistics
import time

from domains.shared.errors import Unavailable
from infra.passwords import Argon2Passwords

_SECONDS = 10.0
_AT_ONCE = 200
_LOOK_SECONDS = 0.005


async def main() -> None:
    passwords, until = Argon2Passwords(), time.perf_counter() + _SECONDS
    checked = turned_away = 0
    lags: list[float] = []

    async def pour() -> None:
        nonlocal checked, turned_away
        while time.perf_counter() < until:
            try:
                await passwords.verify("Wrong-Horse-7", None)
                checked += 1
            except Unavailable:
                turned_away += 1
                await asyncio.sleep(0.05)

    async def look() -> None:
        while time.perf_counter() < until:
            began = time.perf_counter()
            await asyncio.sleep(_LOOK_SECONDS)
            lags.append((time.perf_counter() - began - _LOOK_SECONDS) * 1000)

    await asyncio.gather(look(), *(pour() for _ in range(_AT_ONCE)))
    lags.sort()
    print(f"{checked} checked, {turned_away} turned away in {_SECONDS:.0f} s with {_AT_ONCE} at once")
    late = lags[len(lags) * 99 // 100]
    print(f"lag: median {statistics.median(lags):.1f} ms, p99 {late:.1f} ms, most {lags[-1]:.1f} ms")


if __name__ == "__main__":
    asyncio.run(main())
