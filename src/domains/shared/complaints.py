"""Turns msgspec's complaint about one value into a stable code and a sentence."""

import re
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from domains.shared.fields import MANY_LINES, ONE_LINE

_WHERE = re.compile(r" - at `[^`]*`$")
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^Object missing required field"), "required"),
    (re.compile(r"^Object contains unknown field"), "unknown_field"),
    (re.compile(r"^Invalid enum value"), "invalid_choice"),
    (re.compile(r"^Invalid |matching regex|timezone component"), "invalid_format"),
    (re.compile(r"of length >=|of length >"), "too_short"),
    (re.compile(r"of length <=|of length <"), "too_long"),
    (re.compile(r">=? "), "too_small"),
    (re.compile(r"<=? "), "too_large"),
    (re.compile(r"out of range"), "out_of_range"),
    (re.compile(r"^Expected .*, got "), "invalid_type"),
)
_WORDS = (
    (
        re.compile(r"Invalid RFC3339 encoded datetime|Expected datetime with a timezone component"),
        "Expected an instant with its offset, such as 2026-11-21T09:30:00Z",
    ),
    (re.compile(r"Invalid RFC3339 encoded date"), "Expected a date, such as 2026-11-21"),
    (re.compile(r"Invalid RFC3339 encoded time"), "Expected a time, such as 09:30:00"),
    (re.compile(r"Invalid UUID"), "Expected an id, such as 0192f0c1-2b3c-7d4e-8f50-617283940a1b"),
    (re.compile(r"Expected str of length >= 1\b"), "Expected at least 1 character"),
    (re.compile(r"Expected (?:array|object) of length >= 1\b"), "Expected at least 1 entry"),
    (re.compile(r"Expected str of length >= (\d+)"), r"Expected at least \1 characters"),
    (re.compile(r"Expected str of length <= (\d+)"), r"Expected at most \1 characters"),
    (re.compile(r"Expected (?:array|object) of length >= (\d+)"), r"Expected at least \1 entries"),
    (re.compile(r"Expected (?:array|object) of length <= (\d+)"), r"Expected at most \1 entries"),
    (re.compile(r"Expected (?:int|float) >= "), "Expected at least "),
    (re.compile(r"Expected (?:int|float) <= "), "Expected at most "),
    (re.compile(r"\bstr\b"), "text"),
    (re.compile(r"\bbool\b"), "true or false"),
    (re.compile(r"\bint\b"), "a whole number"),
    (re.compile(r"\bfloat\b"), "a number"),
    (re.compile(r"\barray\b"), "a list"),
    (re.compile(r"\bobject\b(?= *[,|]|$)"), "an object"),
    (re.compile(r"\buuid\b"), "an id"),
    (re.compile(r"\bdatetime\b"), "an instant"),
    (re.compile(r"(?<!a )\bdate\b"), "a date"),
    (re.compile(r" \| "), " or "),
)
_TEXTS = {
    ONE_LINE: "Expected one line, without control characters.",
    MANY_LINES: "Expected text without control characters.",
}


def complaint(expected: Any, error: msgspec.ValidationError) -> tuple[str, str]:
    """The code and the message for a value that is not an `expected`. The value itself is never quoted."""
    text = _WHERE.sub("", str(error)).replace("`", "")
    code = next((code for rule, code in _RULES if rule.search(text)), "invalid")
    if code == "invalid_choice":
        return code, _choice(choices(expected))
    if code == "invalid_format" and "regex" in text:
        return code, _form(expected)
    if "str of length" in text and (exact := _exact_length(expected)):
        return code, f"Expected {exact} characters{_for_example(expected)}."
    example = _for_example(expected) if code == "too_short" and _has_form(expected) else ""
    return code, f"{_in_plain_words(text)}{example}."


def _choice(known: list[object]) -> str:
    words = ", ".join(map(_shown, known))
    return f"Expected {words}." if len(known) == 1 else f"Expected one of: {words}."


def _form(expected: Any) -> str:
    for mark in _rules_of(expected):
        if mark.pattern in _TEXTS:
            return _TEXTS[mark.pattern]
    return f"This is not of the form that is expected here{_for_example(expected)}."


def _exact_length(expected: Any) -> int | None:
    return next((mark.max_length for mark in _rules_of(expected) if mark.min_length == mark.max_length), None)


def _in_plain_words(text: str) -> str:
    """Msgspec speaks of Python's types and of operators; people and other languages do not."""
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


def _has_form(expected: Any) -> bool:
    return any(mark.pattern for mark in _rules_of(expected))


def _for_example(expected: Any) -> str:
    """The example that stands outermost: an alias is shown as what it is used for."""
    shown = (f", such as {_shown(mark.examples[0])}" for mark in reversed(_rules_of(expected)) if mark.examples)
    return next(shown, "")


def _rules_of(expected: Any) -> list[msgspec.Meta]:
    annotated = [each for each in (expected, *alternatives(expected)) if get_origin(each) is Annotated]
    return [mark for each in annotated for mark in get_args(each)[1:] if isinstance(mark, msgspec.Meta)]


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def without_annotation(expected: Any) -> Any:
    """The bare type under `Annotated`."""
    while get_origin(expected) is Annotated:
        expected = get_args(expected)[0]
    return expected


def alternatives(expected: Any) -> tuple[Any, ...]:
    """The members of a union, else the type itself."""
    bare = without_annotation(expected)
    return get_args(bare) if get_origin(bare) in (Union, UnionType) else (expected,)


def choices(expected: Any) -> list[object]:
    """The values of the enum or the literal within `expected`."""
    for each in alternatives(expected):
        bare = without_annotation(each)
        if get_origin(bare) is Literal:
            return list(get_args(bare))
        if isinstance(bare, type) and issubclass(bare, Enum):
            return [member.value for member in bare]
        if get_origin(bare) in (list, tuple):
            return choices(get_args(bare)[0])
    return []
