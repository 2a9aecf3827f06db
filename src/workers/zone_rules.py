"""Following new rules of time zones: after an upgrade, every tenant's visits are reckoned anew."""

import asyncio
from typing import Protocol

import structlog

from workers.pausing import pause

_PAUSE_AFTER_FAILURE_SECONDS = 5.0

_log = structlog.get_logger("zone_rules")


class ZoneRules(Protocol):
    """By which release of the rules all that is to come was reckoned last."""

    async def follow(self, release: str) -> int:
        """Plan to reckon it anew by `release`, unless that was done already. Say for how many tenants."""
        ...


class ZoneRuleFollower:
    """Says once which release is installed. Whichever worker comes first has it followed."""

    def __init__(self, rules: ZoneRules, release: str) -> None:
        self._rules = rules
        self._release = release

    async def run(self, stop: asyncio.Event) -> None:
        """Until it has been said, or `stop`."""
        while not (stop.is_set() or await self._is_said()):
            await pause(stop, _PAUSE_AFTER_FAILURE_SECONDS)

    async def _is_said(self) -> bool:
        try:
            tenants = await self._rules.follow(self._release)
        except Exception:  # noqa: BLE001 - whatever it was, it is said again once that is over
            _log.exception("zone_rules_not_followed")
            return False
        if tenants:
            _log.info("zone_rules_followed", tzdata=self._release, tenants=tenants)
        return True
