"""A customer, and the rules of its record."""

from collections.abc import Sized
from datetime import datetime
from functools import partial
from typing import Any, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from domains.customers.errors import CustomerMerged
from domains.customers.fields import MOST, Addresses, Custom, CustomValue, Emails, Notes, Phones, Source, Tags
from domains.customers.forms import normalised, without_nulls
from domains.shared.errors import Conflict, ValidationFailed, together
from domains.shared.fields import CompanyName, LanguageTag, PersonName
from domains.shared.ids import new_id
from domains.shared.postal import PostalAddress
from domains.shared.versions import Archivable
from domains.shared.wire import Command


class CreateCustomer(Command, frozen=True):
    """A new customer: `name` or `company` is required. The first phone and the first e-mail are the main ones."""

    name: PersonName | None = None
    company: CompanyName | None = None
    emails: Emails = ()
    phones: Phones = ()
    addresses: Addresses = ()
    tags: Tags = ()
    notes: Notes | None = None
    preferred_language: LanguageTag | None = None
    source: Source | None = None
    custom: Custom = {}


class ChangeCustomer(Command, frozen=True):
    """What to change: an absent field stays as it is, `null` clears it. Lists are replaced whole.

    In `custom` too an absent key stays as it is, and `null` takes it away.
    """

    name: PersonName | UnsetType | None = UNSET
    company: CompanyName | UnsetType | None = UNSET
    emails: Emails | UnsetType | None = UNSET
    phones: Phones | UnsetType | None = UNSET
    addresses: Addresses | UnsetType | None = UNSET
    tags: Tags | UnsetType | None = UNSET
    notes: Notes | UnsetType | None = UNSET
    preferred_language: LanguageTag | UnsetType | None = UNSET
    source: Source | UnsetType | None = UNSET
    custom: Custom | UnsetType | None = UNSET


class Customer(Archivable, kw_only=True):
    """A person or company that the business serves, under one of `name` and `company` at least."""

    name: str | None
    company: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    addresses: tuple[PostalAddress, ...]
    tags: tuple[str, ...]
    notes: str | None
    preferred_language: str | None
    source: str | None
    custom: dict[str, CustomValue]
    merged_into: UUID | None = None

    def __post_init__(self) -> None:
        _must_be_named(self.name, self.company)

    @classmethod
    def create(cls, order: CreateCustomer, *, now: datetime) -> Self:
        """A customer as ordered, its addresses and numbers normalised and freed of repetitions."""
        return cls(id=new_id(), **normalised(order.given()), created_at=now, updated_at=now)

    def change(self, order: ChangeCustomer, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the fields that are now different. Where there are none, the version stays."""
        details = normalised(order.given())
        if isinstance(order.custom, dict):
            details["custom"] = without_nulls({**self.custom, **order.custom})
        return self.hold(details, now=now)

    def must_stand_for_itself(self) -> None:
        """Raise `CustomerMerged` when another customer stands for this one."""
        if self.merged_into is not None:
            raise CustomerMerged.into(self.merged_into)

    def restore(self, *, now: datetime) -> None:
        """Take the customer back among the current ones."""
        self.take({"archived_at": None}, now=now)

    def merge(self, into: "Customer", *, now: datetime) -> None:
        """Let `into` stand for this one; the record stays as it is.

        Raise `Conflict` where a current customer would vanish behind an archived one.
        """
        if self.is_current and into.is_archived:
            raise Conflict("The customer who is to stay is archived: restore it first.")
        self.merged_into = into.id
        self.touch(now)

    def unmerge(self, *, now: datetime) -> None:
        """Stand for itself again."""
        self.merged_into = None
        self.touch(now)

    def hold(self, details: dict[str, Any], *, now: datetime) -> list[str]:
        """Take on `details`, fields in the form in which they are kept, and name those that are now different.

        Raise `ValidationFailed`, and stay as it is, where there would be neither name nor company, or too much of
        anything.
        """
        changed = {name: value for name, value in details.items() if _differs(value, getattr(self, name))}
        _must_be_named(changed.get("name", self.name), changed.get("company", self.company))
        together(*(partial(_must_have_room, name, changed[name]) for name in MOST if name in changed))
        for name, value in changed.items():
            setattr(self, name, value)
        if changed:
            self.touch(now)
        return list(changed)


def _must_be_named(name: str | None, company: str | None) -> None:
    if name is None and company is None:
        raise ValidationFailed.of("name", "required", "A customer has a name or a company.")


def _must_have_room(name: str, entries: Sized) -> None:
    if len(entries) > MOST[name]:
        raise ValidationFailed.of(name, "too_many", f"The customer would have more than {MOST[name]} of them.")


def _differs(one: object, other: object) -> bool:
    """Whether clients see a difference: to Python, `1` is the same as `true`."""
    return msgspec.json.encode(one, order="sorted") != msgspec.json.encode(other, order="sorted")
