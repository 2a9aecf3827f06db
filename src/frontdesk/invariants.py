"""What always holds in the database, asked of a running installation."""

from collections.abc import Mapping

import asyncpg

from frontdesk.subscriptions import FOLLOW_UPS
from infra.postgres.invariants import Kinds, findings

KINDS = Kinds(
    known=frozenset(FOLLOW_UPS), of_events=frozenset(kind for kind, follow in FOLLOW_UPS.items() if follow.of_event)
)
_CONNECT_SECONDS = 5.0


async def broken(administrators_url: str) -> Mapping[str, list[str]]:
    """The invariants that do not hold, each with what breaks it. Other roles than a superuser would see no rows."""
    connection = await asyncpg.connect(administrators_url, timeout=_CONNECT_SECONDS)
    try:
        return await findings(connection, KINDS)
    finally:
        await connection.close()
