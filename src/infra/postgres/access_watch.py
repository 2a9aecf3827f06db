"""Who is told, after a commit, that access has changed."""

from typing import Protocol


class AccessWatch(Protocol):
    """What this process remembers of who may come in."""

    async def catch_up(self) -> None:
        """Return when it knows what has been committed by now; have other processes look."""
        ...


class NothingRemembered:
    """The `AccessWatch` of a process that lets nobody in."""

    async def catch_up(self) -> None:
        """There is nothing to forget here; others look by themselves."""
