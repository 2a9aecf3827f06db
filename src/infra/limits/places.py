"""What users have open where there is one process only."""

from collections.abc import Collection
from uuid import UUID


class OnlyHere:
    """The `Places` of a process that shares with none: what it counts itself is all there is."""

    async def take(self, user: UUID, place: UUID) -> bool | None:  # noqa: ARG002 - as the port has it
        return True

    async def keep(self, taken: Collection[tuple[UUID, UUID]]) -> None:
        """Nobody else asks."""

    async def give_back(self, left: Collection[tuple[UUID, UUID]]) -> None:
        """As above."""

    async def close(self) -> None:
        """There is nothing to close."""
