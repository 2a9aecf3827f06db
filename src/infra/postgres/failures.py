"""What the database's own failures mean to a use case."""

import asyncpg

from domains.shared.errors import Unavailable

_PASSING = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    OSError,
)


def passing(error: BaseException | None) -> Unavailable | None:
    """`Unavailable` for a failure that a retry may not meet again; None for anything else."""
    if isinstance(error, _PASSING):
        return Unavailable("The database could not do this now. Nothing was changed.")
    return None
