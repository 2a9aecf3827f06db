"""Reading a row of a file as a customer to be created, or saying what is wrong with it."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec

from domains.customers.importing.cells import parted, phone, plain, scalar
from domains.customers.importing.columns import OF_AN_ADDRESS, Column, Columns
from domains.customers.importing.countries import country
from domains.customers.importing.model import ImportFault, Row
from domains.customers.model import CreateCustomer, Customer
from domains.shared.clock import Clock
from domains.shared.contact import PhoneNumber
from domains.shared.errors import WHOLE, FieldError, ValidationFailed
from domains.shared.explain import explain

_CAMEL = MappingProxyType({"preferred_language": "preferredLanguage", "zip_code": "zipCode"})


class Described(msgspec.Struct, frozen=True):
    """A customer as the row that begins on `line` describes one. `of` is the id of a customer that the row names."""

    line: int
    customer: Customer
    of: UUID | None = None


Found = Described | list[ImportFault]
"""What was found in a row: a customer, or all that is wrong with it."""
Read = Sequence[Found]


class RowReader:
    """Reads the rows of one file. Phone numbers without a country code are read as those of `region`."""

    def __init__(self, columns: Columns, *, region: str | None, clock: Clock) -> None:
        self._columns = columns
        self._region = region
        self._clock = clock

    def read(self, row: Row) -> Found:
        reading = _Reading(self._region)
        try:
            customer = Customer.create(reading.order(self._columns, row.cells), now=self._clock.now())
        except ValidationFailed as refusal:
            reading.refuse(refusal)
        else:
            if not reading.faults:
                return Described(row.line, customer, reading.of)
        return [ImportFault(row.line, each.field, each.code, each.message) for each in reading.faults]


class _Reading:
    """One row, and its faults by column. `headers` says by JSON path from which column a value came."""

    def __init__(self, region: str | None) -> None:
        self.of: UUID | None = None
        self.faults: list[FieldError] = []
        self._region = region
        self._headers: dict[str, str] = {}
        self._values: dict[str, Any] = {}
        self._addresses: dict[int, dict[str, str]] = {}
        self._name: dict[str, str] = {}

    def refuse(self, refusal: ValidationFailed) -> None:
        """Add what is wrong with the row to what was wrong with it before."""
        self.faults += [
            FieldError(self._headers.get(each.field, each.field), each.code, each.message) for each in refusal.errors
        ]

    def order(self, columns: Columns, cells: Sequence[str]) -> CreateCustomer:
        if any(cell.strip() for cell in cells[columns.width :]):
            raise ValidationFailed.of(WHOLE, "too_many_cells", "The row has more cells than the first row has names.")
        for column in columns.read:
            if column.at < len(cells) and (text := plain(cells[column.at])):
                self._take(column, text)
        self._finish()
        try:
            return msgspec.convert(self._values, CreateCustomer)
        except msgspec.ValidationError:
            raise ValidationFailed.all_of(explain(CreateCustomer, self._values)) from None

    def _take(self, column: Column, text: str) -> None:
        match column.field:
            case "first_name" | "last_name":
                self._name.setdefault(column.field, text)
                self._headers.setdefault("name", column.header)
            case "emails" | "tags":
                self._add(column, parted(text))
            case "phones":
                self._take_phones(column, text)
            case "custom":
                self._take_custom(column, text)
            case "id":
                self.of = self.of or _id(text)
            case part if part in OF_AN_ADDRESS:
                self._take_part_of_address(column, text)
            case _:
                self._take_text(column, text)

    def _finish(self) -> None:
        if name := " ".join(self._name[part] for part in ("first_name", "last_name") if part in self._name):
            self._values.setdefault("name", name)
        if self._addresses:
            self._values["addresses"] = [self._addresses[number] for number in sorted(self._addresses)]

    def _take_text(self, column: Column, text: str) -> None:
        field = _CAMEL.get(column.field, column.field)
        self._values.setdefault(field, text)
        self._headers.setdefault(column.field, column.header)
        self._headers.setdefault(field, column.header)

    def _take_phones(self, column: Column, text: str) -> None:
        numbers: list[str] = []
        for each in parted(text):
            path = f"phones[{len(self._values.get('phones', ())) + len(numbers)}]"
            self._headers[path] = self._headers["phones"] = column.header
            try:
                numbers.append(self._international(phone(plain(each)), path))
            except ValidationFailed as refusal:
                self.refuse(refusal)
        self._add(column, numbers)

    def _international(self, text: str, path: str) -> str:
        if self._region is None and text.startswith("00"):
            text = f"+{text[2:]}"
        return PhoneNumber.parse(text[:64], path, region=self._region).value

    def _add(self, column: Column, values: list[str]) -> None:
        kept = self._values.setdefault(column.field, [])
        for value in values:
            self._headers[f"{column.field}[{len(kept)}]"] = column.header
            kept.append(value)
        self._headers.setdefault(column.field, column.header)

    def _take_part_of_address(self, column: Column, text: str) -> None:
        address = self._addresses.setdefault(column.number, {})
        field = _CAMEL.get(column.field, column.field)
        address.setdefault(field, country(text) if column.field == "country" else ", ".join(text.splitlines()))
        place = sorted(self._addresses).index(column.number)
        self._headers[f"addresses[{place}].{field}"] = column.header

    def _take_custom(self, column: Column, text: str) -> None:
        self._values.setdefault("custom", {})[column.key] = scalar(text)
        self._headers[f"custom.{column.key}"] = self._headers["custom"] = column.header


def _id(text: str) -> UUID | None:
    """Other programs number their customers otherwise: what is no id of ours says nothing."""
    try:
        return UUID(text)
    except ValueError:
        return None
