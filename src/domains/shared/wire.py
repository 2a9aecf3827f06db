"""The two kinds of struct that cross the wire: what is asked (`Command`) and what is shown (`View`).

Their fields are snake_case in Python and camelCase in JSON.
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET

from domains.shared.clock import timestamp

Shown = TypeVar("Shown", bound="View")


class Command(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a caller wants done. An unknown field is refused."""

    def given(self) -> dict[str, Any]:
        """The fields that are given, by name: those that are absent, and stay as they are, are left out."""
        return {name: value for name in self.__struct_fields__ if (value := getattr(self, name)) is not UNSET}


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a caller is shown, ready to encode."""


def shown(view: type[Shown], entity: object, **given: object) -> Shown:
    """The view of what has its fields by the same names, but for those that are given."""
    values: dict[str, Any] = given
    for name in view.__struct_fields__:
        if name not in given:
            values[name] = getattr(entity, name)
    for name, each in values.items():
        if isinstance(each, datetime):
            values[name] = timestamp(each)
    return view(**values)
