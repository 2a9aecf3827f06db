"""Customers' parts of a request or an envelope."""

from dishka import Provider, Scope, provide, provide_all

from domains.customers import (
    Contacts,
    CustomerNotes,
    CustomerQueries,
    Customers,
    CustomFieldQueries,
    CustomFields,
    FieldKeeping,
    Identities,
    Mergers,
    Merging,
    NoteTaking,
    RecordKeeping,
    Removal,
    Removals,
    TimelineQueries,
)
from infra.postgres.customer_contacts import PostgresContacts
from infra.postgres.customer_fields import PostgresCustomFieldQueries, PostgresCustomFields
from infra.postgres.customer_identities import PostgresIdentities
from infra.postgres.customer_mergers import PostgresMergers
from infra.postgres.customer_queries import PostgresCustomerQueries
from infra.postgres.customer_removals import PostgresRemovals
from infra.postgres.customer_timeline import PostgresCustomerNotes, PostgresTimelineQueries
from infra.postgres.customers import PostgresCustomers


class CustomersParts(Provider):
    """Keeping customers' records, and what concerns them."""

    scope = Scope.REQUEST

    contacts = provide(PostgresContacts, provides=Contacts)
    customers = provide(PostgresCustomers, provides=Customers)
    field_queries = provide(PostgresCustomFieldQueries, provides=CustomFieldQueries)
    fields = provide(PostgresCustomFields, provides=CustomFields)
    identities = provide(PostgresIdentities, provides=Identities)
    mergers = provide(PostgresMergers, provides=Mergers)
    notes = provide(PostgresCustomerNotes, provides=CustomerNotes)
    queries = provide(PostgresCustomerQueries, provides=CustomerQueries)
    removals = provide(PostgresRemovals, provides=Removals)
    timelines = provide(PostgresTimelineQueries, provides=TimelineQueries)

    capabilities = provide_all(FieldKeeping, Merging, NoteTaking, RecordKeeping, Removal)
