"""The tenants' tables, as models: what a column is, and what it holds about a person.

Schemas `directory` and `work` are not here: no model may reach them, only their functions and grants do.
"""

from infra.postgres.tables.api_keys import ApiKeyRow
from infra.postgres.tables.appointments import (
    AppointmentRow,
    BookableResourceRow,
    BookingPolicyRow,
    CalendarFeedRow,
    OccupancyRow,
    ServiceRow,
    StaffScheduleRow,
)
from infra.postgres.tables.audit import AuditChainRow, AuditLogRow, AuditSealRow
from infra.postgres.tables.base import Names, Privacy, TenantTable
from infra.postgres.tables.customer_fields import CustomFieldRow
from infra.postgres.tables.customer_imports import CustomerImportContactRow, CustomerImportFaultRow
from infra.postgres.tables.customer_mergers import CustomerMergerRow
from infra.postgres.tables.customer_timeline import CustomerNoteRow, CustomerTimelineRow
from infra.postgres.tables.customers import CustomerRow
from infra.postgres.tables.documents import DocumentCounterRow
from infra.postgres.tables.events import EventLogRow, EventRow
from infra.postgres.tables.features import FeatureExposureRow, TenantFeaturesRow
from infra.postgres.tables.idempotency import IdempotencyKeyRow
from infra.postgres.tables.imported_calendars import BusyTimeRow, ImportedCalendarRow
from infra.postgres.tables.inbox import InboxRow
from infra.postgres.tables.integrations import TenantIntegrationRow
from infra.postgres.tables.invitations import InvitationRow
from infra.postgres.tables.invoices import CreditNoteRow, InvoiceRow, RecurringInvoiceRow
from infra.postgres.tables.jobs import JobRow
from infra.postgres.tables.letters import LetterRow
from infra.postgres.tables.payments import (
    DisputeRow,
    LedgerEntryRow,
    LedgerPostingRow,
    PaymentReconciliationRow,
    PaymentRow,
    RefundRow,
)
from infra.postgres.tables.price_list import PriceItemRow
from infra.postgres.tables.quotes import QuoteRow
from infra.postgres.tables.tenants import TenantRow
from infra.postgres.tables.usage import ApiCallsRow, UsageCounterRow
from infra.postgres.tables.users import UserRow
from infra.postgres.tables.waiting_list import SlotHoldRow, WaitingEntryRow

metadata = TenantTable.metadata

__all__ = [
    "ApiCallsRow",
    "ApiKeyRow",
    "AppointmentRow",
    "AuditChainRow",
    "AuditLogRow",
    "AuditSealRow",
    "BookableResourceRow",
    "BookingPolicyRow",
    "BusyTimeRow",
    "CalendarFeedRow",
    "CreditNoteRow",
    "CustomFieldRow",
    "CustomerImportContactRow",
    "CustomerImportFaultRow",
    "CustomerMergerRow",
    "CustomerNoteRow",
    "CustomerRow",
    "CustomerTimelineRow",
    "DisputeRow",
    "DocumentCounterRow",
    "EventLogRow",
    "EventRow",
    "FeatureExposureRow",
    "IdempotencyKeyRow",
    "ImportedCalendarRow",
    "InboxRow",
    "InvitationRow",
    "InvoiceRow",
    "JobRow",
    "LedgerEntryRow",
    "LedgerPostingRow",
    "LetterRow",
    "Names",
    "OccupancyRow",
    "PaymentReconciliationRow",
    "PaymentRow",
    "PriceItemRow",
    "Privacy",
    "QuoteRow",
    "RecurringInvoiceRow",
    "RefundRow",
    "ServiceRow",
    "SlotHoldRow",
    "StaffScheduleRow",
    "TenantFeaturesRow",
    "TenantIntegrationRow",
    "TenantRow",
    "TenantTable",
    "UsageCounterRow",
    "UserRow",
    "WaitingEntryRow",
    "metadata",
]
