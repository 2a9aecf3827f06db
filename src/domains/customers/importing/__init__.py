"""Importing customers from a file."""

from domains.customers.importing.beginning import ForgettingImports, ImportJobs, Imports
from domains.customers.importing.carrying_out import Importing
from domains.customers.importing.cells import defused, joined, written
from domains.customers.importing.columns import Columns, known_among
from domains.customers.importing.matching import Matching
from domains.customers.importing.model import (
    CUSTOMER_IMPORT,
    FORGET_IMPORT,
    FORGET_UPLOAD,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Duplicates,
    ImportFault,
    ImportTerms,
    Row,
    Upload,
)
from domains.customers.importing.ports import (
    HomeCountry,
    ImportedCustomers,
    ImportReportQueries,
    ImportReports,
    Named,
    Received,
    Uploads,
)
from domains.customers.importing.timelines import ImportTimelines
from domains.customers.importing.views import ImportFaultView

__all__ = [
    "CUSTOMER_IMPORT",
    "FORGET_IMPORT",
    "FORGET_UPLOAD",
    "MOST_BYTES",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "Columns",
    "Duplicates",
    "ForgettingImports",
    "HomeCountry",
    "ImportFault",
    "ImportFaultView",
    "ImportJobs",
    "ImportReportQueries",
    "ImportReports",
    "ImportTerms",
    "ImportTimelines",
    "ImportedCustomers",
    "Importing",
    "Imports",
    "Matching",
    "Named",
    "Received",
    "Row",
    "Upload",
    "Uploads",
    "defused",
    "joined",
    "known_among",
    "written",
]
