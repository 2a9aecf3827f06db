"""The database as its callers meet it: connections, waiting, transactions."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from infra.postgres.database import Database
from infra.postgres.watching import DatabaseWatch, Outcome

_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0)


class DatabaseMeter(DatabaseWatch):
    """Times waiting and transactions, by how they ended; shows the pool that it is given."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._waits = Histogram(
            "frontdesk_database_connection_wait_seconds",
            "How long callers waited for a connection.",
            buckets=_BOUNDS,
            registry=registry,
        )
        self._refusals = Counter(
            "frontdesk_database_connection_refusals",
            "Callers who got no connection: none was free, or the database was away.",
            registry=registry,
        )
        transactions = Histogram(
            "frontdesk_database_transaction_duration_seconds",
            "Transactions of units of work, from BEGIN to the end, by how they ended.",
            ("outcome",),
            buckets=_BOUNDS,
            registry=registry,
        )
        self._transactions = {outcome: transactions.labels(outcome.value) for outcome in Outcome}
        self._events = Counter(
            "frontdesk_events", "What happened in tenants, by type of event.", ("type",), registry=registry
        )
        self._by_type: dict[str, Counter] = {}
        self._size = Gauge("frontdesk_database_pool_size", "Connections that may be open.", registry=registry)
        self._in_use = Gauge("frontdesk_database_pool_in_use", "Connections in use.", registry=registry)

    def show(self, database: Database) -> None:
        """Show the pool of `database` from now on."""
        self._size.set(database.size)
        self._in_use.set_function(lambda: database.in_use)

    def waited(self, seconds: float) -> None:
        self._waits.observe(seconds)

    def refused(self) -> None:
        self._refusals.inc()

    def ended(self, outcome: Outcome, seconds: float) -> None:
        self._transactions[outcome].observe(seconds)

    def happened(self, event_type: str) -> None:
        counter = self._by_type.get(event_type)
        if counter is None:
            counter = self._by_type[event_type] = self._events.labels(event_type)
        counter.inc()
