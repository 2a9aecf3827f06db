"""What a loop says of what kept it from its work."""

from structlog.typing import FilteringBoundLogger

from domains.shared.errors import Unavailable


def report(log: FilteringBoundLogger, event: str, error: Exception) -> None:
    """A database that is away is a line each time it is asked; anything else is told with where it comes from."""
    if isinstance(error, Unavailable):
        log.warning(event, reason=error.detail)
    else:
        log.error(event, exc_info=error)
