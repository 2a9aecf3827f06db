"""An import of customers: what was asked for, how far it is, and what was wrong with the file."""

from enum import StrEnum
from uuid import UUID

import msgspec

from domains.customers.importing.columns import Columns
from domains.customers.model import Customer
from domains.shared.errors import ValidationFailed

CUSTOMER_IMPORT = "customer.import"
FORGET_UPLOAD = "customer_import.forget_upload"
"""Planned before a file is kept: one whose import was never begun is deleted."""
FORGET_IMPORT = "customer_import.forget"
"""Planned when an import begins: its report is kept until then."""

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_BYTES = 50 * 1024 * 1024


class Duplicates(StrEnum):
    """What becomes of a row whose e-mail address or phone number a customer, or a row before it, has already."""

    CREATE = "create"
    SKIP = "skip"
    UPDATE = "update"


class ImportTerms(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is imported. `region`, an ISO 3166 code, is that of phone numbers without a country code."""

    duplicates: Duplicates = Duplicates.SKIP
    dry_run: bool = False
    region: str | None = None


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A row of a file, and the line on which it begins; the first line is 1."""

    line: int
    cells: list[str]


class Upload(msgspec.Struct, frozen=True):
    """A file that was read through: its columns, the number of its rows, in how many parts they are kept, in bytes."""

    columns: Columns
    rows: int
    parts: int
    size: int


class ImportFault(msgspec.Struct, frozen=True):
    """What is wrong with a row: on which line it begins, in which column, and why."""

    line: int
    field: str
    code: str
    message: str


def faults_of(refusal: ValidationFailed, line: int) -> list[ImportFault]:
    """What a refusal says of the row that begins on `line`."""
    return [ImportFault(line, each.field, each.code, each.message) for each in refusal.errors]


class ImportPlace(msgspec.Struct, kw_only=True):
    """Where an import goes on: `part` is the next one. `counts` is what came of the rows before it."""

    terms: ImportTerms
    columns: Columns
    rows: int
    parts: int
    part: int = 0
    done: int = 0
    counts: dict[str, int] = {}


class Intake(msgspec.Struct):
    """What came of some rows: ids of customers, those that were changed before and after, and faults."""

    rows: int = 0
    created: list[UUID] = msgspec.field(default_factory=list)
    updated: list[UUID] = msgspec.field(default_factory=list)
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    changes: list[tuple[Customer, Customer]] = msgspec.field(default_factory=list)
    faults: list[ImportFault] = msgspec.field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "created": len(self.created),
            "updated": len(self.updated),
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "failed": self.failed,
        }
