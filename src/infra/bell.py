"""What a bell remembers between two looks."""

import asyncio
from uuid import UUID


class Ring:
    """A `Bell` that is rung from outside: for some tenants, or for all when something may have been missed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._grown: set[UUID] = set()
        self._all = False

    async def rung(self, *, patience: float) -> frozenset[UUID] | None:
        try:
            async with asyncio.timeout(patience):
                await self._rung.wait()
        except TimeoutError:
            return None
        self._rung.clear()
        grown, self._grown = frozenset(self._grown), set()
        missed, self._all = self._all, False
        return None if missed else grown

    def hear(self, payload: str) -> None:
        """Ids of tenants, with blanks between them. Whatever else it is rings for all."""
        try:
            tenants = {UUID(part) for part in payload.split()}
        except ValueError:
            tenants = set()
        if tenants:
            self._grown |= tenants
            self._rung.set()
        else:
            self.ring_for_all()

    def ring_for_all(self) -> None:
        self._all = True
        self._rung.set()
