"""What the database's own failures mean to a use case."""

import asyncpg
from sqlalchemy.exc import DBAPIError

from domains.shared.contention import Contention
from domains.shared.errors import Unavailable

_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
    OSError,
)
_PASSING = (
    *_LOST,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.InsufficientResourcesError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
_CONTENDED = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class OutcomeUnknown(Exception):
    """The connection was lost while COMMIT was under way: it may have been carried out."""


def is_lost(error: BaseException) -> bool:
    """Whether the connection ended before the server's answer was here."""
    return isinstance(error, _LOST) and not isinstance(error, asyncpg.QueryCanceledError)


def passing(error: BaseException | None) -> Unavailable | None:
    """`Unavailable` for a failure that a retry may not meet again, `Contention` where it may be retried at once.

    None for anything else.
    """
    if error is None:
        return None
    if isinstance(error, OutcomeUnknown):
        return Unavailable("The database was lost on the way. It is not known whether this was stored.")
    if isinstance(error, DBAPIError) and isinstance(error.driver_exception, Exception):
        error = error.driver_exception
    if isinstance(error, _CONTENDED):
        return Contention("Another change stood in the way of this one. Nothing was changed.")
    if isinstance(error, _PASSING):
        return Unavailable("The database could not do this now. Nothing was changed.")
    return None
