"""Customers: whom a business serves."""

from domains.customers.custom_fields import (
    ChangeField,
    CustomField,
    CustomFieldsView,
    CustomFieldView,
    DefineField,
    FieldType,
)
from domains.customers.duplicates import ContactOwner, Contacts
from domains.customers.errors import CustomerInUse, CustomerMerged
from domains.customers.events import (
    CustomerArchived,
    CustomerChanged,
    CustomerCreated,
    CustomerDeleted,
    CustomerErased,
    CustomerMergedAway,
    CustomerRestored,
    CustomersImported,
    CustomerUnmerged,
    CustomFieldChanged,
    CustomFieldDefined,
    CustomFieldRemoved,
    NoteAdded,
    OfCustomer,
)
from domains.customers.field_keeping import CustomFieldQueries, CustomFields, FieldKeeping
from domains.customers.forms import as_tag
from domains.customers.merging import MergeCustomer, Merger, Mergers, Merging
from domains.customers.model import ChangeCustomer, CreateCustomer, Customer
from domains.customers.note_taking import AddNote, CustomerNote, CustomerNotes, CustomerNoteView, NoteTaking
from domains.customers.ports import CustomerFilter, CustomerQueries, Customers, Identities
from domains.customers.record_keeping import RecordKeeping
from domains.customers.removal import Removal, Removals
from domains.customers.sharing import Contribution
from domains.customers.timeline import (
    Timeline,
    TimelineEntries,
    TimelineEntry,
    TimelineEntryView,
    TimelineKind,
    TimelineQueries,
)
from domains.customers.views import CustomerView, DuplicatesView, TagsView, TagView

__all__ = [
    "AddNote",
    "ChangeCustomer",
    "ChangeField",
    "ContactOwner",
    "Contacts",
    "Contribution",
    "CreateCustomer",
    "CustomField",
    "CustomFieldChanged",
    "CustomFieldDefined",
    "CustomFieldQueries",
    "CustomFieldRemoved",
    "CustomFieldView",
    "CustomFields",
    "CustomFieldsView",
    "Customer",
    "CustomerArchived",
    "CustomerChanged",
    "CustomerCreated",
    "CustomerDeleted",
    "CustomerErased",
    "CustomerFilter",
    "CustomerInUse",
    "CustomerMerged",
    "CustomerMergedAway",
    "CustomerNote",
    "CustomerNoteView",
    "CustomerNotes",
    "CustomerQueries",
    "CustomerRestored",
    "CustomerUnmerged",
    "CustomerView",
    "Customers",
    "CustomersImported",
    "DefineField",
    "DuplicatesView",
    "FieldKeeping",
    "FieldType",
    "Identities",
    "MergeCustomer",
    "Merger",
    "Mergers",
    "Merging",
    "NoteAdded",
    "NoteTaking",
    "OfCustomer",
    "RecordKeeping",
    "Removal",
    "Removals",
    "TagView",
    "TagsView",
    "Timeline",
    "TimelineEntries",
    "TimelineEntry",
    "TimelineEntryView",
    "TimelineKind",
    "TimelineQueries",
    "as_tag",
]
