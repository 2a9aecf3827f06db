"""What has happened: an event in the books, and a delivery of it to each endpoint."""

import copy
import time

from infra.sandbox.stripe.book import Book, fresh
from infra.sandbox.stripe.refusals import Json

API_VERSION = "2026-10-28.stand-in"


def tell(book: Book, account: str, kind: str, body: Json, *, at: int | None = None) -> Json:
    """Write the event down with `body` as it is now, `at` its second. Delivered after the change is committed."""
    event = fresh(
        "event", api_version=API_VERSION, type=kind, data={"object": copy.deepcopy(body)}, pending_webhooks=0,
        request={"id": None, "idempotency_key": None},
    )  # fmt: skip
    book.add(account, event, at=at)
    for endpoint in book.ask("select id from endpoints where account = ?", account):
        statement = "insert into deliveries (endpoint, event, due) values (?, ?, ?)"
        book.ask(statement, endpoint["id"], event["id"], time.time())
    return event
