"""Customers: whom a business serves."""

from domains.customers.duplicates import ContactOwner, Contacts
from domains.customers.events import CustomerArchived, CustomerChanged, CustomerCreated, CustomersImported, NoteAdded
from domains.customers.model import Address, ChangeCustomer, CreateCustomer, Customer
from domains.customers.note_taking import AddNote, CustomerNote, CustomerNotes, CustomerNoteView, NoteTaking
from domains.customers.ports import CustomerFilter, CustomerQueries, Customers
from domains.customers.record_keeping import RecordKeeping
from domains.customers.timeline import (
    Timeline,
    TimelineEntries,
    TimelineEntry,
    TimelineEntryView,
    TimelineKind,
    TimelineQueries,
)
from domains.customers.views import CustomerView

__all__ = [
    "AddNote",
    "Address",
    "ChangeCustomer",
    "ContactOwner",
    "Contacts",
    "CreateCustomer",
    "Customer",
    "CustomerArchived",
    "CustomerChanged",
    "CustomerCreated",
    "CustomerFilter",
    "CustomerNote",
    "CustomerNoteView",
    "CustomerNotes",
    "CustomerQueries",
    "CustomerView",
    "Customers",
    "CustomersImported",
    "NoteAdded",
    "NoteTaking",
    "RecordKeeping",
    "Timeline",
    "TimelineEntries",
    "TimelineEntry",
    "TimelineEntryView",
    "TimelineKind",
    "TimelineQueries",
]
