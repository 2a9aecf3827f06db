"""Customers' parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.customers import CustomerQueries, Customers, RecordKeeping
from infra.postgres.customers import PostgresCustomerQueries, PostgresCustomers


class CustomersParts(Provider):
    """Keeping customers' records."""

    scope = Scope.REQUEST

    customers = provide(PostgresCustomers, provides=Customers)
    queries = provide(PostgresCustomerQueries, provides=CustomerQueries)

    record_keeping = provide(RecordKeeping)
