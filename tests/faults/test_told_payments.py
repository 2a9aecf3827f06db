"""The short form of `bench/soak_payments.py`: nothing is lost, nothing is doubled."""

import json
from pathlib import Path

from infra.sandbox.stripe.book import Book
from tests.faults.payment_books import differences
from tests.faults.told_payments import PaymentTrial
from tests.support.databases import TestDatabase
from tests.support.payments import till_house

_LAST = "select body from objects where kind = ? order by seq desc limit 1"


async def test_our_book_is_that_of_the_provider(own_database: TestDatabase, tmp_path: Path) -> None:
    async with till_house(own_database, tmp_path) as till:
        seen = await PaymentTrial(till, tmp_path, payments=20, kills=3).run()
        assert (seen.differing, seen.payments) == ([], 20), seen
        assert seen.deliveries > 40
        await _every_difference_is_seen(own_database, till.stripe.stand_in.book)


async def _every_difference_is_seen(database: TestDatabase, book: Book) -> None:
    for kind, changed in (
        ("payment_intent", {"amount": 1}),
        ("payment_intent", {"status": "processing"}),
        ("charge", {"amount_refunded": 1}),
        ("refund", {"amount": 1}),
        ("dispute", {"status": "needs_response"}),
        ("balance_transaction", {"amount": 1}),
    ):
        sound = json.loads(book.ask(_LAST, kind)[0]["body"])
        book.save({**sound, **changed})
        assert len(await differences(database.admin, book)) == 1, (kind, changed)
        book.save(sound)
    assert await differences(database.admin, book) == []
