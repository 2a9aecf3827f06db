"""Turns msgspec's complaint about one value into a stable code and a sentence."""

import re
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

_WHERE = re.compile(r" - at `[^`]*`$")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^Object missing required field"), "required"),
    (re.compile(r"^Object contains unknown field"), "unknown_field"),
    (re.compile(r"^Invalid enum value"), "invalid_choice"),
    (re.compile(r"^Invalid |matching regex"), "invalid_format"),
    (re.compile(r"of length >=|of length >"), "too_short"),
    (re.compile(r"of length <=|of length <"), "too_long"),
    (re.compile(r">=? "), "too_small"),
    (re.compile(r"<=? "), "too_large"),
    (re.compile(r"out of range"), "out_of_range"),
    (re.compile(r"^Expected .*, got "), "invalid_type"),
)


def complaint(expected: Any, error: msgspec.ValidationError) -> tuple[str, str]:
    """The code and the message for a value that is not an `expected`. The value itself is never quoted."""
    text = _WHERE.sub("", str(error)).replace("`", "")
    code = next((code for rule, code in _RULES if rule.search(text)), "invalid")
    if code == "invalid_choice":
        return code, f"Expected one of: {', '.join(choices(expected))}."
    return code, f"{text}."


def without_annotation(expected: Any) -> Any:
    """The bare type under `Annotated`."""
    while get_origin(expected) is Annotated:
        expected = get_args(expected)[0]
    return expected


def alternatives(expected: Any) -> tuple[Any, ...]:
    """The members of a union, else the type itself."""
    bare = without_annotation(expected)
    return get_args(bare) if get_origin(bare) in (Union, UnionType) else (expected,)


def choices(expected: Any) -> list[str]:
    """The values of the enum or the literal within `expected`."""
    for each in alternatives(expected):
        bare = without_annotation(each)
        if get_origin(bare) is Literal:
            return [str(value) for value in get_args(bare)]
        if isinstance(bare, type) and issubclass(bare, Enum):
            return [str(member.value) for member in bare]
        if get_origin(bare) in (list, tuple):
            return choices(get_args(bare)[0])
    return []
