"""Has the stand-in for Stripe do what a test or a demonstration wants of it."""

from contextlib import suppress
from datetime import datetime
from typing import Any

import httpx

_SECONDS = 10
_OK = 200


class StripeControl:
    """Speaks to a stand-in at `address`; None where there is none."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    async def payments(self) -> list[dict[str, Any]]:
        """The intents, the newest first."""
        found = await self._do("payments", {})
        return list(found) if isinstance(found, list) else []

    async def confirm(self, intent: str, card: str | None) -> dict[str, Any] | None:
        """Pay one by card; what it is then, a decline included. None where there is none such, or it is over."""
        found = await self._do("confirm", {"intent": intent, **({"card": card} if card else {})})
        return found if isinstance(found, dict) else None

    async def follow(self, now: datetime) -> None:
        """Have it be so late in its books: what is made there is made at the time of the business.

        Where it is not there, time goes on all the same.
        """
        with suppress(httpx.ConnectError):
            await self._do("clock", {"now": int(now.timestamp())})

    async def want_fault(self, kind: str, times: int) -> bool:
        """Whether there is such a kind."""
        return await self._do("faults", {"kind": kind, "times": times}) is not None

    async def _do(self, verb: str, order: dict[str, Any]) -> Any:
        if self._address is None:
            return None
        async with httpx.AsyncClient(base_url=self._address, timeout=_SECONDS, trust_env=False) as client:
            answer = await client.post(f"/_control/{verb}", json=order)
        return answer.json() if answer.status_code == _OK else None
