"""Faults on demand, each for so many times.

Of the API: `timeout` (done, and never answered), `lost` (not done, and never answered), `error` (500 before anything is
done), `rate_limit` (429). Of deliveries: `duplicate`, `reorder`, `delay`, `loss`, `bad_signature`.
"""

from infra.sandbox.stripe.book import Book
from infra.sandbox.stripe.refusals import Json, invalid

OF_THE_API = ("error", "lost", "rate_limit", "timeout")
OF_DELIVERIES = ("bad_signature", "delay", "duplicate", "loss", "reorder")


class Faults:
    """The faults that are wanted, oldest first."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def want(self, kind: str, *, times: int, path: str = "") -> Json:
        """Have the next `times` requests of `path`, or of any, fail so."""
        if kind not in (*OF_THE_API, *OF_DELIVERIES):
            raise invalid(f"Unknown fault: {kind[:50]}", param="kind")
        self._book.ask("insert into faults (kind, path, times) values (?, ?, ?)", kind, path, times)
        return {"kind": kind, "times": times, "path": path}

    def forget(self) -> None:
        self._book.ask("delete from faults")

    def of_request(self, path: str) -> str | None:
        """The fault that befalls a request of `path`, counted."""
        return self._next(OF_THE_API, path)

    def of_delivery(self) -> str | None:
        return self._next(OF_DELIVERIES, "")

    def _next(self, kinds: tuple[str, ...], path: str) -> str | None:
        wanted = "select seq, kind, path from faults where times > 0 order by seq"
        for row in self._book.ask(wanted):
            if row["kind"] in kinds and path.startswith(row["path"]):
                self._book.ask("update faults set times = times - 1 where seq = ?", row["seq"])
                return str(row["kind"])
        return None
