"""Customers' parts of a request or an envelope."""

from dishka import Provider, Scope, provide

from domains.customers import (
    Contacts,
    CustomerNotes,
    CustomerQueries,
    Customers,
    NoteTaking,
    RecordKeeping,
    TimelineQueries,
)
from infra.postgres.customer_contacts import PostgresContacts
from infra.postgres.customer_timeline import PostgresCustomerNotes, PostgresTimelineQueries
from infra.postgres.customers import PostgresCustomerQueries, PostgresCustomers


class CustomersParts(Provider):
    """Keeping customers' records, and what concerns them."""

    scope = Scope.REQUEST

    contacts = provide(PostgresContacts, provides=Contacts)
    customers = provide(PostgresCustomers, provides=Customers)
    queries = provide(PostgresCustomerQueries, provides=CustomerQueries)
    notes = provide(PostgresCustomerNotes, provides=CustomerNotes)
    timelines = provide(PostgresTimelineQueries, provides=TimelineQueries)

    note_taking = provide(NoteTaking)
    record_keeping = provide(RecordKeeping)
