"""Custom fields: what a business calls its own details of customers, and which values they take."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Self
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from domains.customers.model import CustomKey, CustomText, CustomValue
from domains.shared.clock import Timestamp, timestamp
from domains.shared.errors import ValidationFailed, together
from domains.shared.fields import Line, trimmed
from domains.shared.ids import new_id
from domains.shared.wire import Command, View

Choices = Annotated[tuple[CustomText, ...], Meta(max_length=100, examples=[["small", "large"]])]
Key = Annotated[CustomKey, Meta(examples=["gateCode"])]


class FieldType(StrEnum):
    """Which values a field takes. A date is written `YYYY-MM-DD`."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


class DefineField(Command, frozen=True):
    """A new field. `key` is its name in `custom`; `choices` belong to a field of that type, and to no other."""

    key: Key
    label: Annotated[Line, Meta(examples=["Gate code"])]
    type: FieldType
    choices: Choices = ()


class ChangeField(Command, frozen=True):
    """What to change: an absent field stays as it is."""

    label: Line | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET
    choices: Choices | UnsetType = UNSET


class CustomField(msgspec.Struct, kw_only=True):
    """A field of the tenant's customers."""

    id: UUID
    key: str
    label: str
    type: FieldType
    choices: tuple[str, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    def __post_init__(self) -> None:
        self._must_have_choices_where_there_are_some()

    @classmethod
    def define(cls, order: DefineField, *, now: datetime) -> Self:
        """A field as ordered."""
        return cls(
            id=new_id(),
            key=order.key,
            label=trimmed(order.label, "label", shortest=1),
            type=order.type,
            choices=_once(order.choices),
            version=1,
            created_at=now,
            updated_at=now,
        )

    def change(self, order: ChangeField, *, now: datetime) -> bool:
        """Carry out `order`, and say whether anything is different. Values that are kept stay as they are."""
        before = (self.label, self.type, self.choices)
        if order.label is not UNSET:
            self.label = trimmed(order.label, "label", shortest=1)
        if order.type is not UNSET:
            self.type = order.type
        if order.choices is not UNSET:
            self.choices = _once(order.choices)
        self._must_have_choices_where_there_are_some()
        if (self.label, self.type, self.choices) == before:
            return False
        self.version += 1
        self.updated_at = max(now, self.updated_at)
        return True

    def must_take(self, value: CustomValue) -> None:
        """Raise `ValidationFailed`, naming the field, unless `value` is one of its kind, or null."""
        if value is not None and not self._takes(value):
            raise ValidationFailed.of(f"custom.{self.key}", "invalid_value", f"Expected {self._expected}.")

    def _takes(self, value: CustomValue) -> bool:
        match self.type:
            case FieldType.BOOLEAN:
                return isinstance(value, bool)
            case FieldType.NUMBER:
                return isinstance(value, int | float) and not isinstance(value, bool)
            case FieldType.CHOICE:
                return value in self.choices
            case FieldType.DATE:
                return isinstance(value, str) and _is_date(value)
            case FieldType.TEXT:
                return isinstance(value, str)

    @property
    def _expected(self) -> str:
        match self.type:
            case FieldType.BOOLEAN:
                return "true or false"
            case FieldType.CHOICE:
                return "one of the choices of the field"
            case FieldType.DATE:
                return "a date, such as 2026-11-21"
            case _:
                return f"a {self.type.value}"

    def _must_have_choices_where_there_are_some(self) -> None:
        if self.type is FieldType.CHOICE and not self.choices:
            raise ValidationFailed.of("choices", "required", "A field of choices has some.")
        if self.type is not FieldType.CHOICE and self.choices:
            raise ValidationFailed.of("choices", "not_for_type", "Only a field of choices has any.")


class CustomFieldView(View, frozen=True):
    """A field."""

    id: UUID
    key: Key
    label: Line
    type: FieldType
    choices: Choices
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, field: CustomField) -> Self:
        return cls(
            id=field.id,
            key=field.key,
            label=field.label,
            type=field.type,
            choices=field.choices,
            version=field.version,
            created_at=timestamp(field.created_at),
            updated_at=timestamp(field.updated_at),
        )


class CustomFieldsView(View, frozen=True):
    """All fields of the business, by key."""

    items: Annotated[tuple[CustomFieldView, ...], Meta(max_length=50)]


def check(
    fields: Sequence[CustomField], values: Mapping[str, CustomValue], *, before: Mapping[str, CustomValue]
) -> None:
    """Raise `ValidationFailed`, naming each bad field. What was there `before` is let be, whatever became of its field.

    A key that is defined by no field takes any value.
    """
    known = {field.key: field for field in fields}
    news = {key: value for key, value in values.items() if key not in before or before[key] != value}
    together(*(partial(known[key].must_take, value) for key, value in news.items() if key in known))


def _once(choices: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(trimmed(choice, "choices", shortest=1) for choice in choices))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
