"""Custom fields: what a business calls its own details of customers, and which values they take."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Annotated, Self
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from domains.customers.fields import CustomKey, CustomValue
from domains.shared.clock import Timestamp
from domains.shared.errors import ValidationFailed, together
from domains.shared.fields import ONE_LINE, Line, trimmed
from domains.shared.ids import new_id
from domains.shared.versions import Resource
from domains.shared.wire import Command, View, shown

Label = Annotated[Line, Meta(examples=["Gate code"])]
Choice = Annotated[str, Meta(min_length=1, max_length=1_000, pattern=ONE_LINE, examples=["small"])]
Choices = Annotated[tuple[Choice, ...], Meta(max_length=100, examples=[["small", "large"]])]


class FieldType(StrEnum):
    """Which values a field takes. A date is written `YYYY-MM-DD`."""

    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    NUMBER = "number"
    TEXT = "text"


class DefineField(Command, frozen=True):
    """A new field. `key` is its name in `custom`; `choices` belong to a field of that type, and to no other."""

    key: CustomKey
    label: Label
    type: FieldType
    choices: Choices = ()


class ChangeField(Command, frozen=True):
    """What to change: an absent field stays as it is."""

    label: Label | UnsetType = UNSET
    type: FieldType | UnsetType = UNSET
    choices: Choices | UnsetType = UNSET


class CustomField(Resource, kw_only=True):
    """A field of the tenant's customers."""

    key: str
    label: str
    type: FieldType
    choices: tuple[str, ...]

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
            created_at=now,
            updated_at=now,
        )

    def change(self, order: ChangeField, *, now: datetime) -> list[str]:
        """Carry out `order`, and name what is now different. Values that customers have stay as they are."""
        wanted = order.given()
        if "label" in wanted:
            wanted["label"] = trimmed(wanted["label"], "label", shortest=1)
        if "choices" in wanted:
            wanted["choices"] = _once(wanted["choices"])
        changed = self.take(wanted, now=now)
        self._must_have_choices_where_there_are_some()
        return changed

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
    key: CustomKey
    label: Label
    type: FieldType
    choices: Choices
    version: int
    created_at: Timestamp
    updated_at: Timestamp

    @classmethod
    def of(cls, field: CustomField) -> Self:
        return shown(cls, field)


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
    kept = together(*(partial(trimmed, choice, f"choices[{at}]", shortest=1) for at, choice in enumerate(choices)))
    return tuple(dict.fromkeys(kept))


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
