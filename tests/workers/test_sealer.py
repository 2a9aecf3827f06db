"""The sealer goes on, whatever fails."""

import asyncio
from uuid import UUID

from tests.support.soon import in_time
from workers.sealer import Sealer

GOOD, BAD = UUID(int=1), UUID(int=2)


class Waiting:
    """`Seals` of two tenants, one of which cannot be sealed; at first the database is not there."""

    def __init__(self, stop: asyncio.Event, *, unreachable: int = 0) -> None:
        self.left = {BAD: 1, GOOD: 3}
        self._stop = stop
        self._unreachable = unreachable

    async def waiting(self) -> list[UUID]:
        if self._unreachable:
            self._unreachable -= 1
            raise ConnectionError
        if not self.left[GOOD]:
            self._stop.set()
        return [tenant for tenant, left in self.left.items() if left]

    async def seal(self, tenant: UUID, most: int) -> int:
        if tenant == BAD:
            raise RuntimeError("cannot be sealed")
        self.left[tenant] -= 1
        return 1


async def test_one_tenants_failure_is_no_others() -> None:
    seals = Waiting(asyncio.Event())
    assert await Sealer(seals).once() == 1
    assert seals.left == {BAD: 1, GOOD: 2}


async def test_it_goes_on_when_the_database_is_back_and_ends_when_told() -> None:
    stop = asyncio.Event()
    seals = Waiting(stop, unreachable=1)
    async with in_time(10):
        await Sealer(seals).run(stop)
    assert seals.left[GOOD] == 0
