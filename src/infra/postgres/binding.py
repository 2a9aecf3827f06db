"""Binding a transaction to a tenant: the one place where `app.tenant_id` is set.

It is set with BEGIN, in the same round trip, or by a statement that is a transaction of its own, before its first row.
Either way it ends with the transaction: a value set for the session would travel through the pool to the next tenant.
"""

import re
from collections.abc import Sequence
from functools import lru_cache, partial
from uuid import UUID

import asyncpg

from infra.postgres.failures import OutcomeUnknown, is_lost

_BOUND = "with bound as materialized (select set_config('app.tenant_id', ${at}, true)::uuid as tenant)"
_BEFORE_READING = f"""
    {_BOUND}
    select found.* from bound,
        lateral (select it.* from ({{select}}) as it where bound.tenant is not null offset 0) as found
"""  # noqa: S608 - put together from constants
_PARAMETER = re.compile(r"\$([0-9]+)")


class CommitFailed(Exception):
    """The transaction was not committed: nothing of it is stored."""


async def begin(connection: asyncpg.Connection, tenant: UUID | None) -> None:
    """Begin a transaction that sees `tenant`'s rows; with None, one that sees no tenant's.

    If the answer does not come, the connection is closed: the server may have begun, and the driver would not know.
    """
    binding = "" if tenant is None else f"; SET LOCAL app.tenant_id = '{UUID(int=tenant.int)}'"
    try:
        await connection.execute(f"BEGIN{binding}")
    except BaseException:
        connection.terminate()
        raise


async def commit(connection: asyncpg.Connection) -> None:
    """Commit, or raise: Postgres answers COMMIT of a failed transaction with ROLLBACK and no error.

    Raise `OutcomeUnknown` if no answer comes.
    """
    try:
        answer = await connection.execute("COMMIT")
    except Exception as error:
        if is_lost(error):
            raise OutcomeUnknown from error
        raise
    if answer != "COMMIT":
        raise CommitFailed(answer)


async def roll_back(connection: asyncpg.Connection) -> None:
    """Undo the transaction, if there is one."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


async def save(connection: asyncpg.Connection, name: str, *, again: bool = False) -> None:
    """Set a savepoint inside the transaction; `again` keeps what came after the last one of this name."""
    await connection.execute(f"RELEASE SAVEPOINT {name}; SAVEPOINT {name}" if again else f"SAVEPOINT {name}")


async def undo(connection: asyncpg.Connection, name: str) -> None:
    """Undo what came after the savepoint, which stays."""
    await connection.execute(f"ROLLBACK TO SAVEPOINT {name}")


@lru_cache(maxsize=512)
def bound_reading(select: str, parameters: int) -> str:
    """`select`, which has so many parameters, as a statement that binds itself: the tenant is the one after them.

    What is read depends on the row that binds (LATERAL), and OFFSET 0 keeps the planner from joining it otherwise: no
    row is looked for before the tenant is bound. A plan that did it the other way round would show nothing. Policies
    take the tenant from a subselect: what the planner expects does not depend on who was bound when it planned.
    """
    return _BEFORE_READING.format(select=select, at=parameters + 1)


@lru_cache
def bound_writing(writes: Sequence[str]) -> str:
    """Several writes as one statement that binds itself. In each of them `$1` is the tenant; the others' values follow.

    `$1` becomes what the binding itself gives: no row can be made, and so none checked, before the tenant is bound. The
    server carries out the last of such writes first: they are named in reverse.
    """
    parts, taken = [], 1
    for number, write in enumerate(writes):
        parts.append(f"write_{number} as ({_PARAMETER.sub(partial(_moved, by=taken), write)})")
        taken += max(int(at) for at in _PARAMETER.findall(write)) - 1
    return f"{_BOUND.format(at=1)},\n{', '.join(reversed(parts))}\nselect tenant from bound"


def _moved(parameter: re.Match[str], *, by: int) -> str:
    return "(select tenant from bound)" if parameter[1] == "1" else f"${int(parameter[1]) - 1 + by}"
