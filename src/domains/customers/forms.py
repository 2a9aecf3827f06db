"""The one form in which each field of a customer is kept, however it was written."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from domains.customers.fields import CustomValue
from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import each
from domains.shared.fields import bare
from domains.shared.languages import written_as_usual
from domains.shared.postal import PostalAddress


def normalised(given: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are kept: `null` is empty, text is trimmed, addresses and numbers are in their one form."""
    filled = {name: value for name, value in given.items() if value}
    kept = each(_kept, filled.items())
    return {name: _EMPTY.get(name) for name in given} | dict(zip(filled, kept, strict=True))


def alike(name: str, entry: Any) -> Any:
    """What two entries of the list `name` have in common where they are one: tags in whatever case."""
    return entry.casefold() if name == "tags" else entry


def as_tag(text: str) -> str:
    """A tag in its one spelling: single blanks, and none around it. Case is kept, and tells no two tags apart."""
    return " ".join(bare(unicodedata.normalize("NFC", text)).split())


def without_nulls(custom: dict[str, CustomValue]) -> dict[str, CustomValue]:
    """A key whose value is null is not there."""
    return {key: value for key, value in custom.items() if value is not None}


def _kept(name: str, value: Any) -> Any:
    if form := _FORMS_OF_ENTRIES.get(name):
        return _once(name, value, form)
    return _FORMS.get(name, _text)(value)


def _once(name: str, entries: Iterable[Any], form: Callable[[Any, str], Any]) -> tuple[Any, ...]:
    """Each entry in its one form, without repetitions and empty ones."""
    found = each(form, ((entry, f"{name}[{at}]") for at, entry in enumerate(entries)))
    first: dict[Any, Any] = {}
    for entry in filter(None, found):
        first.setdefault(alike(name, entry), entry)
    return tuple(first.values())


def _email(text: str, field: str) -> str:
    return EmailAddress.parse(text, field).value


def _phone(text: str, field: str) -> str:
    return PhoneNumber.parse(text, field, region=None).value


def _tag(text: str, _: str) -> str:
    return as_tag(text)


def _text(text: str) -> str | None:
    return bare(text) or None


_EMPTY: dict[str, object] = {"emails": (), "phones": (), "addresses": (), "tags": (), "custom": {}}
_FORMS_OF_ENTRIES: dict[str, Callable[[Any, str], Any]] = {
    "emails": _email,
    "phones": _phone,
    "addresses": PostalAddress.kept,
    "tags": _tag,
}
_FORMS: dict[str, Callable[[Any], Any]] = {"preferred_language": written_as_usual, "custom": without_nulls}
