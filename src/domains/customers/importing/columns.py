"""Which column of a file is which field: by its header, written as people and other programs write it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import msgspec

from domains.shared.errors import FieldError, ValidationFailed

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "name": "name full_name customer customer_name contact contact_name display_name client nombre",
        "first_name": "first_name given_name forename nombre_de_pila",
        "last_name": "last_name surname family_name apellido apellidos",
        "company": "company company_name organization organisation organization_name business business_name empresa",
        "emails": "email emails email_address mail email_value correo correo_electronico",
        "phones": "phone phones phone_number telephone tel mobile mobile_phone mobile_number cell cell_phone home_phone"
        " work_phone business_phone main_phone primary_phone other_phone phone_value telefono movil",
        "street": "street address address_line street_address address_street address_formatted direccion calle",
        "city": "city town locality address_city ciudad",
        "state": "state province region county address_state address_region provincia",
        "zip_code": "zip zip_code postcode postal_code address_zip address_zip_code address_postal_code codigo_postal",
        "country": "country country_code country_region address_country pais",
        "tags": "tags tag labels label categories category group_membership etiquetas",
        "notes": "notes note comment comments remarks notas",
        "preferred_language": "preferred_language language lang idioma",
        "source": "source lead_source origin origen",
        "id": "id",
        "": "version created_at updated_at archived_at created updated",
    }
)
"""By field, the headers that mean it. Case, accents, blanks, signs and a number at the end do not count."""

OF_AN_ADDRESS = ("street", "city", "state", "zip_code", "country")
_KINDS_OF_ADDRESS = ("home", "business", "other")
"""Outlook's. `Home City` and `Business City` are of two addresses, which come after those that are numbered."""
_NAMING = frozenset({"name", "first_name", "last_name", "company"})
_LISTS = frozenset({"emails", "phones", "tags"})
_MOST_NUMBERED = 100
_CUSTOM = re.compile(r"custom[._ ](?P<key>[A-Za-z][A-Za-z0-9_]{0,49})", re.IGNORECASE)


class Column(msgspec.Struct, frozen=True):
    """A column that is read: where it stands, its header, its field, and the number of the address it belongs to.

    A custom one has the field `custom` and a `key`.
    """

    at: int
    header: str
    field: str
    number: int = 1
    key: str = ""


class Columns(msgspec.Struct, frozen=True):
    """The columns of a file: those that are read, and the headers that mean nothing here.

    `second` are headers that mean what a column before them means too: they are read where that one is empty.
    """

    read: tuple[Column, ...]
    unknown: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    width: int = 0

    @classmethod
    def of(cls, header: Sequence[str]) -> "Columns":
        """Raise `ValidationFailed` where no column could name a customer, and where two have one name."""
        found = [_column(at, text.strip()) for at, text in enumerate(header)]
        read = tuple(column for column in found if isinstance(column, Column) and column.field)
        if not _NAMING & {column.field for column in read}:
            raise ValidationFailed.all_of(_nameless(header))
        unknown = tuple(text for text in found if isinstance(text, str) and text)
        return cls(read, unknown, second=_second_ones(read), width=len(header))


def known_among(header: Iterable[str]) -> int:
    """How many of these headers mean something."""
    return sum(isinstance(_column(0, text.strip()), Column) for text in header)


def _second_ones(read: Sequence[Column]) -> tuple[str, ...]:
    first: dict[tuple[str, int, str], Column] = {}
    second = []
    for column in (column for column in read if column.field not in _LISTS):
        number = column.number if column.field in OF_AN_ADDRESS else 1
        before = first.setdefault((column.field, number, column.key), column)
        if before is not column:
            if _letters(before.header) == _letters(column.header):
                raise ValidationFailed.of("file", "duplicate_column", _both(before, column))
            second.append(column.header)
    return tuple(second)


def _both(one: Column, other: Column) -> str:
    return f"Columns {one.at + 1} and {other.at + 1} have the same name: {other.header[:200]}."


def _column(at: int, header: str) -> Column | str:
    if custom := _CUSTOM.fullmatch(header):
        return Column(at, header, "custom", key=custom["key"])
    letters, number = _letters(header)
    field = _FIELD_OF.get(letters)
    if field is not None:
        return Column(at, header, field, number)
    for place, kind in enumerate(_KINDS_OF_ADDRESS, start=1):
        if letters.startswith(kind) and (part := _FIELD_OF.get(letters.removeprefix(kind))) in OF_AN_ADDRESS:
            return Column(at, header, part, _MOST_NUMBERED + place)
    return header


def _letters(header: str) -> tuple[str, int]:
    """`E-Mail 2 - Value` is `emailvalue` and 2."""
    bare = unicodedata.normalize("NFKD", header).casefold()
    number = next(iter(re.findall(r"\d+", bare)), "1")
    return re.sub(r"[^a-z]", "", bare), min(int(number[:3]) or 1, _MOST_NUMBERED)


def _nameless(header: Sequence[str]) -> list[FieldError]:
    shown = ", ".join(header[:10])[:200]
    told = f"The first row must name the columns, one of them name, first name, last name or company. It is: {shown}"
    return [FieldError("file", "no_header", told)]


_FIELD_OF = MappingProxyType(
    {header.replace("_", ""): field for field, headers in _NAMES.items() for header in headers.split()}
)
