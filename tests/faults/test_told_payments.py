"""The short form of `bench/soak_payments.py`: nothing is lost, nothing is doubled.."""

from pathlib import Path

from tests.faults.told_payments import PaymentTrial
from tests.support.databases import TestDatabase
from tests.support.payments import till_house


async def test_our_book_is_that_of_the_provider(own_database: TestDatabase, tmp_path: Path) -> None:
    async with till_house(own_database, tmp_path) as till:
        seen = await PaymentTrial(till, tmp_path, payments=20, kills=3).run()
    assert (seen.differing, seen.off) == (0, 0), seen
    assert seen.deliveries > 40
