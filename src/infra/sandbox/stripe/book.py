"""The stand-in's books: one SQLite file, apart from the product's database."""

import json
import secrets
import sqlite3
import string
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from infra.sandbox.stripe.refusals import Json, missing

_LETTERS = string.ascii_letters + string.digits
_TABLES = """
    create table if not exists accounts (
        secret_key text primary key, publishable_key text not null unique, id text not null unique
    );
    create table if not exists objects (
        seq integer primary key autoincrement, account text not null, kind text not null, id text not null unique,
        created integer not null, body text not null
    );
    create index if not exists objects_by_kind on objects (account, kind, created desc, seq desc);
    create table if not exists answers (
        account text not null, key text not null, asked text not null, status integer not null, body text not null,
        primary key (account, key)
    );
    create table if not exists endpoints (
        id text primary key, account text not null, url text not null, secret text not null
    );
    create table if not exists deliveries (
        seq integer primary key autoincrement, endpoint text not null, event text not null, due real not null,
        tries integer not null default 0, state text not null default 'waiting', status integer
    );
    create index if not exists deliveries_due on deliveries (due) where state = 'waiting';
    create table if not exists settlements (account text primary key, currency text not null, rate text not null);
    create table if not exists clock (ahead integer not null);
    create table if not exists faults (
        seq integer primary key autoincrement, kind text not null, path text not null, times integer not null
    );
"""
KINDS = {
    "payment_intent": "pi", "charge": "ch", "refund": "re", "dispute": "du", "event": "evt", "customer": "cus",
    "balance_transaction": "txn", "payment_method": "pm", "payout": "po",
}  # fmt: skip


class Book:
    """All that the stand-in knows. Of one thread; every change is committed before it is answered."""

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path or ":memory:", isolation_level=None)
        self._db.executescript(f"pragma journal_mode = wal; pragma synchronous = normal; {_TABLES}")
        self._ahead = sum(int(row["ahead"]) for row in self.ask("select ahead from clock"))

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def change(self) -> Iterator[None]:
        """All of what is inside, or nothing of it."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def ask(self, statement: str, *values: object) -> list[sqlite3.Row]:
        cursor = self._db.execute(statement, values)
        cursor.row_factory = sqlite3.Row
        return cursor.fetchall()

    def now(self) -> int:
        """What time it is in the books, in seconds since 1970. Webhooks are signed and sent by the world's clock."""
        return int(time.time()) + self._ahead

    def be_at(self, now: int) -> Json:
        """Have it be so late in the books, from here on."""
        self._ahead = now - int(time.time())
        self.ask("delete from clock")
        self.ask("insert into clock values (?)", self._ahead)
        return {"now": now}

    def open_account(self, *, secret_key: str, publishable_key: str) -> str:
        """The account of a key, opened if need be."""
        statement = "insert into accounts values (?, ?, ?) on conflict do nothing"
        self.ask(statement, secret_key, publishable_key, new_id("acct"))
        return str(self.ask("select id from accounts where secret_key = ?", secret_key)[0]["id"])

    def account_of(self, key: str) -> tuple[str, bool] | None:
        """The account that a secret or publishable key opens, and whether it is the secret one."""
        rows = self.ask("select id, secret_key from accounts where ? in (secret_key, publishable_key)", key)
        return (rows[0]["id"], rows[0]["secret_key"] == key) if rows else None

    def settle_in(self, account: str, *, currency: str, rate: Decimal) -> None:
        """Have what moves in other currencies exchanged: for one of their minor units, `rate` of that of `currency`."""
        self.ask("insert or replace into settlements values (?, ?, ?)", account, currency, str(rate))

    def settlement(self, account: str, currency: str) -> tuple[str, Decimal | None]:
        """In which currency what moves in `currency` is settled, and at which rate if that is another."""
        wanted = "select currency, rate from settlements where account = ? and currency <> ?"
        rows = self.ask(wanted, account, currency)
        return (rows[0]["currency"], Decimal(rows[0]["rate"])) if rows else (currency, None)

    def add(self, account: str, body: Json, *, at: int | None = None) -> Json:
        """Store a new object under its `object` and `id`, made now or `at` a second."""
        body["created"] = at or self.now()
        statement = "insert into objects (account, kind, id, created, body) values (?, ?, ?, ?, ?)"
        self.ask(statement, account, body["object"], body["id"], body["created"], json.dumps(body))
        return body

    def save(self, body: Json) -> Json:
        self.ask("update objects set body = ? where id = ?", json.dumps(body), body["id"])
        return body

    def one(self, account: str, kind: str, wanted: str, *, param: str = "id") -> Json:
        """Raise `StripeRefusal` where it is not there."""
        statement = "select body from objects where account = ? and kind = ? and id = ?"
        rows = self.ask(statement, account, kind, wanted)
        if not rows:
            raise missing(kind, wanted, param=param)
        found: Json = json.loads(rows[0]["body"])
        return found

    def every(self, account: str, kind: str) -> Sequence[Json]:
        """The newest first."""
        statement = "select body from objects where account = ? and kind = ? order by created desc, seq desc"
        return [json.loads(row["body"]) for row in self.ask(statement, account, kind)]


def new_id(prefix: str) -> str:
    return f"{prefix}_{''.join(secrets.choice(_LETTERS) for _ in range(24))}"


def fresh(kind: str, **fields: object) -> Json:
    """A new object of `kind`, to be stored."""
    head = {"id": new_id(KINDS[kind]), "object": kind, "livemode": False}
    return {**head, **fields}
