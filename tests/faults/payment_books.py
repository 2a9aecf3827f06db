"""Our book of payments and the provider's, payment by payment."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from infra.sandbox.stripe.book import Book
from infra.stripe.reading import TENANT
from tests.support.databases import rows

_RECEIVED = ("succeeded", "partially_refunded", "refunded", "disputed")
_PAYMENTS = """
    select tenant_id::text as tenant, id, intent_id, amount, currency, status, refunded_amount, lost_amount
    from payments where intent_id is not null
"""
_REFUNDS = "select payment_id, refund_id, amount from refunds where status = 'succeeded'"
_DISPUTES = "select payment_id, dispute_id, amount, status from disputes"
_LINES = """
    select e.payment_id, p.amount from ledger_postings p
    join ledger_entries e on e.tenant_id = p.tenant_id and e.id = p.entry_id where p.account = 'stripe'
"""
_DECIDED = {"needs_response": "open", "won": "won", "lost": "lost"}


class Record(msgspec.Struct, kw_only=True):
    """What one of the books says of a payment. `lines`: each change of the balance that it made, fees left out."""

    tenant: str
    amount: int
    currency: str
    received: bool
    refunded: int
    lost: int
    refunds: dict[str, int] = {}
    disputes: dict[str, tuple[int, str]] = {}
    lines: list[int] = []


async def differences(admin_url: str, book: Book) -> list[str]:
    """Every payment of which the two do not say the same, and what each says."""
    ours, theirs = await _ours(admin_url), _theirs(book)
    return [
        f"{intent}: ours {ours.get(intent)}, theirs {theirs.get(intent)}"
        for intent in sorted(ours.keys() | theirs.keys())
        if ours.get(intent) != theirs.get(intent)
    ]


async def _ours(url: str) -> Mapping[str, Record]:
    refunds: dict[UUID, dict[str, int]] = defaultdict(dict)
    disputes: dict[UUID, dict[str, tuple[int, str]]] = defaultdict(dict)
    lines: dict[UUID, list[int]] = defaultdict(list)
    for row in await rows(url, _REFUNDS):
        refunds[row["payment_id"]][row["refund_id"]] = row["amount"]
    for row in await rows(url, _DISPUTES):
        disputes[row["payment_id"]][row["dispute_id"]] = (row["amount"], row["status"])
    for row in await rows(url, _LINES):
        lines[row["payment_id"]].append(row["amount"])
    return {
        row["intent_id"]: Record(
            tenant=row["tenant"], amount=row["amount"], currency=row["currency"],
            received=row["status"] in _RECEIVED, refunded=row["refunded_amount"], lost=row["lost_amount"],
            refunds=refunds[row["id"]], disputes=disputes[row["id"]], lines=sorted(lines[row["id"]]),
        )
        for row in await rows(url, _PAYMENTS)
    }  # fmt: skip


def _theirs(book: Book) -> Mapping[str, Record]:
    intent_of, records = dict[str, str](), dict[str, Record]()
    for intent in _all(book, "payment_intent"):
        records[intent["id"]] = Record(
            tenant=intent["metadata"][TENANT], amount=intent["amount"], currency=intent["currency"].upper(),
            received=intent["status"] == "succeeded", refunded=0, lost=0, refunds={}, disputes={}, lines=[],
        )  # fmt: skip
    for charge in _all(book, "charge"):
        intent_of[charge["id"]] = charge["payment_intent"]
        records[charge["payment_intent"]].refunded += charge["amount_refunded"]
    for refund in _all(book, "refund"):
        intent_of[refund["id"]] = refund["payment_intent"]
        if refund["status"] == "succeeded":
            records[refund["payment_intent"]].refunds[refund["id"]] = refund["amount"]
    for dispute in _all(book, "dispute"):
        intent_of[dispute["id"]] = dispute["payment_intent"]
        record = records[dispute["payment_intent"]]
        record.disputes[dispute["id"]] = (dispute["amount"], _DECIDED[dispute["status"]])
        record.lost += dispute["amount"] if dispute["status"] == "lost" else 0
    for line in _all(book, "balance_transaction", but="payout"):
        records[intent_of[line["source"]]].lines.append(line["amount"])
    for record in records.values():
        record.lines.sort()
    return records


def _all(book: Book, kind: str, *, but: str = "nothing") -> Iterator[dict[str, Any]]:
    """Those of a kind, but for types that begin with `but`."""
    found = (json.loads(row["body"]) for row in book.ask("select body from objects where kind = ?", kind))
    return (each for each in found if not str(each.get("type", "")).startswith(but))
