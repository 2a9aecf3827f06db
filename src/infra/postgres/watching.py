"""Who is told of what a database was asked to do."""

from enum import StrEnum


class Outcome(StrEnum):
    """How a transaction ended. `commit_failed`: COMMIT was sent, and not confirmed."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled_back"
    COMMIT_FAILED = "commit_failed"


class DatabaseWatch:
    """Told by `Database`, in the task that asked. Sees nothing; a subclass looks at what it wants. Never raises."""

    def waited(self, seconds: float) -> None:
        """Somebody got a connection after so long."""

    def refused(self) -> None:
        """Somebody got none."""

    def ended(self, outcome: Outcome, seconds: float) -> None:
        """A transaction of a unit of work has just ended; it began `seconds` ago."""

    def happened(self, event_type: str) -> None:
        """An event of this type was stored; where it is a part of a batch, as far as the part goes."""
