"""The tenants' tables, as models: what a column is, and what it holds about a person.

Schemas `directory` and `work` are not here: no model may reach them, only their functions and grants do.
"""

from infra.postgres.tables.audit import AuditChainRow, AuditLogRow, AuditSealRow
from infra.postgres.tables.base import Privacy, TenantTable
from infra.postgres.tables.customer_timeline import CustomerNoteRow, CustomerTimelineRow
from infra.postgres.tables.customers import CustomerRow
from infra.postgres.tables.events import EventLogRow, EventRow
from infra.postgres.tables.idempotency import IdempotencyKeyRow
from infra.postgres.tables.tenants import TenantRow, UserRow

metadata = TenantTable.metadata

__all__ = [
    "AuditChainRow",
    "AuditLogRow",
    "AuditSealRow",
    "CustomerNoteRow",
    "CustomerRow",
    "CustomerTimelineRow",
    "EventLogRow",
    "EventRow",
    "IdempotencyKeyRow",
    "Privacy",
    "TenantRow",
    "TenantTable",
    "UserRow",
    "metadata",
]
