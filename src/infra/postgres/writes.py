"""Writes that wait for one another, and go to the server as one statement: one round trip for all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from types import MappingProxyType
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.errors import DomainError
from infra.postgres.binding import bound_writing

MOST = 12
"""So many in one statement: longer ones are too many different ones to be kept prepared."""


Refusals = Mapping[str, Callable[[], DomainError]]
NO_REFUSALS: Refusals = MappingProxyType({})


class Write(msgspec.Struct, frozen=True):
    """An `insert`: it sees no row of those that go with it. `$1` is the tenant, `values` are `$2` on.

    `refusals`: makes what is raised instead, where it breaks a constraint of that name.
    """

    statement: str
    values: tuple[object, ...]
    refusals: Refusals = NO_REFUSALS


async def carry_out(connection: asyncpg.Connection, tenant: UUID, writes: Sequence[Write]) -> None:
    """Do all of them, bound to `tenant`: as one statement if they are no more than `MOST`, else as several."""
    for part in _parts(writes):
        values = chain.from_iterable(write.values for write in part)
        try:
            await connection.execute(bound_writing(tuple(write.statement for write in part)), str(tenant), *values)
        except asyncpg.IntegrityConstraintViolationError as error:
            if refusal := _refusal(part, error):
                raise refusal from None
            raise


def _parts(writes: Sequence[Write]) -> Iterator[Sequence[Write]]:
    return (writes[at : at + MOST] for at in range(0, len(writes), MOST))


def _refusal(writes: Sequence[Write], error: asyncpg.IntegrityConstraintViolationError) -> DomainError | None:
    found = (write.refusals.get(error.constraint_name or "") for write in writes)
    return next((refusal() for refusal in found if refusal), None)
