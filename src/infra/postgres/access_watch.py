"""Who is told, after a commit, that access has changed."""

from contextlib import suppress
from typing import Protocol

from infra.postgres.access_feed import CHANGED
from infra.postgres.database import Database


class AccessWatch(Protocol):
    """What this process remembers of who may come in."""

    async def catch_up(self) -> None:
        """Return when it knows what has been committed by now; have other processes look."""
        ...


class NothingRemembered:
    """The `AccessWatch` of a process that lets nobody in."""

    async def catch_up(self) -> None:
        """There is nothing to forget here; others look by themselves."""


class OthersTold:
    """The `AccessWatch` of a command: who lets people in is told to look, and looks by itself where that fails."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def catch_up(self) -> None:
        with suppress(Exception):
            async with self._database.connection() as connection:
                await connection.execute(f"notify {CHANGED}")
