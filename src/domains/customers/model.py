"""A customer, and the rules of its record."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.customers.errors import CustomerMerged
from domains.shared.contact import EmailAddress, PhoneNumber
from domains.shared.errors import ValidationFailed, together
from domains.shared.fields import ONE_LINE, EmailText, LanguageTag, Line, PhoneText
from domains.shared.ids import new_id
from domains.shared.wire import Command

Tag = Annotated[str, Meta(min_length=1, max_length=50, pattern=ONE_LINE, examples=["vip"])]
Notes = Annotated[str, Meta(max_length=10_000)]
Source = Annotated[str, Meta(min_length=1, max_length=100, pattern=ONE_LINE, examples=["website"])]
CustomKey = Annotated[str, Meta(min_length=1, max_length=50, pattern=r"^[A-Za-z][A-Za-z0-9_]*$(?!\n)")]
CustomText = Annotated[str, Meta(max_length=1_000)]
_IN_RANGE = {"minimum": -(2**63), "exclusiveMaximum": 2**63}
CustomNumber = Annotated[int, Meta(extra_json_schema=_IN_RANGE)] | Annotated[float, Meta(extra_json_schema=_IN_RANGE)]
CustomValue = CustomText | CustomNumber | bool | None

Emails = Annotated[tuple[EmailText, ...], Meta(max_length=20)]
Phones = Annotated[tuple[PhoneText, ...], Meta(max_length=20)]
Tags = Annotated[tuple[Tag, ...], Meta(max_length=50)]
Custom = Annotated[dict[CustomKey, CustomValue], Meta(max_length=50, examples=[{"gateCode": "1234"}])]


class Address(Command, frozen=True):
    """A postal address. `country` is an ISO 3166 code of two letters."""

    street: Annotated[Line, Meta(examples=["12 Analytical Way"])] | None = None
    city: Annotated[Line, Meta(examples=["New York"])] | None = None
    state: Annotated[Line, Meta(examples=["NY"])] | None = None
    zip_code: Annotated[str, Meta(min_length=1, max_length=20, pattern=ONE_LINE, examples=["10001"])] | None = None
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)", max_length=2, examples=["US"])] | None = None


Addresses = Annotated[tuple[Address, ...], Meta(max_length=10)]


class CreateCustomer(Command, frozen=True):
    """A new customer: `name` or `company` is required. The first phone and the first e-mail are the main ones."""

    name: Annotated[Line, Meta(examples=["Grace Hopper"])] | None = None
    company: Annotated[Line, Meta(examples=["Harbor Plumbing"])] | None = None
    emails: Emails = ()
    phones: Phones = ()
    addresses: Addresses = ()
    tags: Tags = ()
    notes: Notes | None = None
    preferred_language: LanguageTag | None = None
    source: Source | None = None
    custom: Custom = {}


class ChangeCustomer(Command, frozen=True):
    """What to change: an absent field stays as it is, `null` clears it; a list or `custom` is replaced whole."""

    name: Line | UnsetType | None = UNSET
    company: Line | UnsetType | None = UNSET
    emails: Emails | UnsetType | None = UNSET
    phones: Phones | UnsetType | None = UNSET
    addresses: Addresses | UnsetType | None = UNSET
    tags: Tags | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET
    preferred_language: LanguageTag | UnsetType | None = UNSET
    source: Source | UnsetType | None = UNSET
    custom: Custom | UnsetType | None = UNSET


class Customer(msgspec.Struct, kw_only=True):
    """A person or company that the business serves, under one of `name` and `company` at least."""

    id: UUID
    name: str | None
    company: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    addresses: tuple[Address, ...]
    tags: tuple[str, ...]
    notes: str | None
    preferred_language: str | None
    source: str | None
    custom: dict[str, CustomValue]
    archived_at: datetime | None
    merged_into: UUID | None = None
    version: int
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        self._must_be_named()

    @classmethod
    def create(cls, order: CreateCustomer, *, now: datetime) -> Self:
        """A customer as ordered, its addresses and numbers normalised and freed of repetitions."""
        given = {name: getattr(order, name) for name in order.__struct_fields__}
        details = _normalised(given)
        return cls(id=new_id(), **details, archived_at=None, version=1, created_at=now, updated_at=now)

    def change(self, order: ChangeCustomer, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        given = {name: getattr(order, name) for name in order.__struct_fields__}
        return self.hold(_normalised({name: value for name, value in given.items() if value is not UNSET}), now=now)

    def must_stand_for_itself(self) -> None:
        """Raise `CustomerMerged` when another customer stands for this one."""
        if self.merged_into is not None:
            raise CustomerMerged.into(self.merged_into)

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def is_current(self) -> bool:
        return not self.is_archived

    def archive(self, *, now: datetime) -> None:
        """Put the customer away: kept and readable, in no list of current ones."""
        self.archived_at = now
        self._touch(now)

    def restore(self, *, now: datetime) -> None:
        """Take the customer back among the current ones."""
        self.archived_at = None
        self._touch(now)

    def merge(self, into: UUID, *, now: datetime) -> None:
        """Let the customer `into` stand for this one; the record stays as it is."""
        self.merged_into = into
        self._touch(now)

    def unmerge(self, *, now: datetime) -> None:
        """Stand for itself again."""
        self.merged_into = None
        self._touch(now)

    def hold(self, details: dict[str, Any], *, now: datetime) -> list[str]:
        """Take on `details`, fields in the form in which they are kept, and name those that are now different."""
        changed = [name for name, value in details.items() if _differs(value, getattr(self, name))]
        for name in changed:
            setattr(self, name, details[name])
        if changed:
            self._must_be_named()
            self._touch(now)
        return changed

    def _must_be_named(self) -> None:
        if self.name is None and self.company is None:
            raise ValidationFailed.of("name", "required", "A customer has a name or a company.")

    def _touch(self, now: datetime) -> None:
        self.version += 1
        self.updated_at = max(now, self.updated_at)


_EMPTY: dict[str, object] = {"emails": (), "phones": (), "addresses": (), "tags": (), "custom": {}}


def _normalised(given: dict[str, Any]) -> dict[str, Any]:
    """The fields as they are kept: `null` is empty, text is trimmed, addresses and numbers are in their one form."""
    kept = together(*(partial(_kept, name, value) for name, value in given.items()))
    return dict(zip(given, kept, strict=True))


def _kept(name: str, value: Any) -> Any:
    if value is None:
        return _EMPTY.get(name)
    if form := _FORMS.get(name):
        return _once(name, value, form)
    return value.strip() or None if isinstance(value, str) else value


def _once(name: str, values: Iterable[Any], form: Callable[[Any, str], Any]) -> tuple[Any, ...]:
    """Each entry in its one form, without repetitions and empty ones."""
    found = together(*(partial(form, value, f"{name}[{at}]") for at, value in enumerate(values)))
    return tuple(dict.fromkeys(value for value in found if value))


def _email(text: str, field: str) -> str:
    return EmailAddress.parse(text, field).value


def _phone(text: str, field: str) -> str:
    return PhoneNumber.parse(text, field, region=None).value


def _address(address: Address, _: str) -> Address | None:
    lines = msgspec.structs.asdict(address).items()
    trimmed = Address(**{name: line.strip() or None for name, line in lines if line})
    return None if trimmed == Address() else trimmed


def _tag(text: str, _: str) -> str:
    return text.strip()


_FORMS: dict[str, Callable[[Any, str], Any]] = {
    "emails": _email,
    "phones": _phone,
    "addresses": _address,
    "tags": _tag,
}


def _differs(one: object, other: object) -> bool:
    """Whether clients see a difference: to Python, `1` is the same as `true`."""
    return msgspec.json.encode(one, order="sorted") != msgspec.json.encode(other, order="sorted")
