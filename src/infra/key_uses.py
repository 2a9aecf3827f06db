"""When API keys were last used: written once a minute for all of them, never in a request."""

import asyncio

import structlog

from domains.api_keys import KeyUses
from infra.remembered_sessions import RememberedSessions

_EVERY_SECONDS = 60.0

_log = structlog.get_logger("keys")


class NotedUses:
    """Takes what was used from the memory of sessions, and has it noted."""

    def __init__(self, remembered: RememberedSessions, uses: KeyUses) -> None:
        self._remembered = remembered
        self._uses = uses

    async def run(self) -> None:
        """Flush, for ever."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.flush()

    async def flush(self) -> None:
        """Note what was used since the last time. What cannot be noted now is noted next time."""
        used, self._remembered.used = self._remembered.used, set()
        if not used:
            return
        try:
            await self._uses.note(used)
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody waits for this
            self._remembered.used |= used
            _log.warning("key_uses_not_noted", reason=type(error).__name__)
