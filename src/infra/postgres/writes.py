"""Writes that wait for one another, and go to the server as one statement: one round trip for all of them."""

from collections.abc import Iterator, Sequence
from itertools import chain
from uuid import UUID

import asyncpg
import msgspec

from infra.postgres.binding import bound_writing

MOST = 12
"""So many in one statement: longer ones are too many different ones to be kept prepared."""


class Write(msgspec.Struct, frozen=True):
    """An `insert`: what looks for rows would be planned unbound. `$1` is the tenant, `values` are `$2` on."""

    statement: str
    values: tuple[object, ...]


async def carry_out(connection: asyncpg.Connection, tenant: UUID, writes: Sequence[Write]) -> None:
    """Do all of them, bound to `tenant`: as one statement if they are no more than `MOST`, else as several."""
    for part in _parts(writes):
        values = chain.from_iterable(write.values for write in part)
        await connection.execute(bound_writing(tuple(write.statement for write in part)), str(tenant), *values)


def _parts(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    return (writes[at : at + MOST] for at in range(0, len(writes), MOST))
