"""What always holds in the database, whoever wrote last: each a question whose answers are what breaks it.

A domain adds a file of its own here. `findings` asks everything in one statement, so that all is seen at one moment
while others write. It must be asked by a role that sees all tenants.
"""

from collections.abc import Mapping

import asyncpg

from infra.postgres.invariants import (
    appointments,
    audit,
    customers,
    directory,
    envelopes,
    imported_calendars,
    invoices,
    live,
    payments,
    quotes,
    rows,
    usage,
)
from infra.postgres.invariants.rule import MOST_FINDINGS, Invariant, Kinds, script

INVARIANTS: tuple[Invariant, ...] = (
    *appointments.INVARIANTS,
    *audit.INVARIANTS,
    *customers.INVARIANTS,
    *directory.INVARIANTS,
    *envelopes.INVARIANTS,
    *imported_calendars.INVARIANTS,
    *invoices.INVARIANTS,
    *live.INVARIANTS,
    *payments.INVARIANTS,
    *quotes.INVARIANTS,
    *usage.INVARIANTS,
)

__all__ = ["INVARIANTS", "Invariant", "Kinds", "findings", "question"]


async def question(connection: asyncpg.Connection, *, thorough: bool, most: int = MOST_FINDINGS) -> str:
    """The statement to ask: the invariants above, and those of every table that has the columns they speak of.

    What takes time for each row of a long log is left out unless it is to be `thorough`.
    """
    asked = [*INVARIANTS, *await rows.invariants(connection)]
    return script([each for each in asked if thorough or not each.is_long], most=most)


async def findings(
    connection: asyncpg.Connection, kinds: Kinds, *, thorough: bool = True, asked: str | None = None
) -> Mapping[str, list[str]]:
    """The broken invariants, each with what breaks it: ten of each, or as many as `asked`, from `question`, says."""
    statement = asked or await question(connection, thorough=thorough)
    found: dict[str, list[str]] = {}
    for row in await connection.fetch(statement, sorted(kinds.known), sorted(kinds.of_events)):
        found.setdefault(row["name"], []).append(row["finding"])
    return found
