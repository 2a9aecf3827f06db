"""What is said of a value that is not as expected helps to put it right."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from uuid import UUID

import pytest
from msgspec import Meta

from domains.shared.explain import explain
from domains.shared.fields import MANY_LINES, Line
from domains.shared.postal import CountryCode

Site = Annotated[str, Meta(min_length=10, max_length=50, pattern=r"^https://", examples=["https://ada.example.com"])]
Text = Annotated[str, Meta(pattern=MANY_LINES)]
Instant = Annotated[datetime, Meta(tz=True)]
Name = Annotated[str, Meta(min_length=2, max_length=5, examples=["Ada"])]


@pytest.mark.parametrize(
    ("expected", "value", "code", "message"),
    [
        (Site, "nope", "too_short", "Expected at least 10 characters, such as https://ada.example.com."),
        (Site | None, "nope", "too_short", "Expected at least 10 characters, such as https://ada.example.com."),
        (Site, "http://nope.test", "invalid_format",
         "This is not of the form that is expected here, such as https://ada.example.com."),
        (Line, "", "too_short", "Expected at least 1 character, such as Harbor."),
        (Annotated[str, Meta(min_length=1)], "", "too_short", "Expected at least 1 character."),
        (Annotated[list[int], Meta(min_length=1)], [], "too_short", "Expected at least 1 entry."),
        (UUID | None, 7, "invalid_type", "Expected an id or null, got a whole number."),
        (Name, "A", "too_short", "Expected at least 2 characters."),
        (Name, "Adalin", "too_long", "Expected at most 5 characters."),
        (Literal[True], False, "invalid_choice", "Expected true."),
        (Literal["a", "b"], "c", "invalid_choice", "Expected one of: a, b."),
        (CountryCode | None, "Germany", "too_long", "Expected 2 characters, such as US."),
        (Line, "a\nb", "invalid_format", "Expected one line, without control characters."),
        (Text, "a\x07b", "invalid_format", "Expected text without control characters."),
        (date, "21.11.2026", "invalid_format", "Expected a date, such as 2026-11-21."),
        (Instant, "2026-11-21T09:30:00", "invalid_format",
         "Expected an instant with its offset, such as 2026-11-21T09:30:00Z."),
        (datetime, "now", "invalid_format", "Expected an instant with its offset, such as 2026-11-21T09:30:00Z."),
        (datetime | None, 7, "invalid_type", "Expected an instant or null, got a whole number."),
        (date | None, 7, "invalid_type", "Expected a date or null, got a whole number."),
        (time, "9", "invalid_format", "Expected a time, such as 09:30:00."),
        (UUID, "9", "invalid_format", "Expected an id, such as 0192f0c1-2b3c-7d4e-8f50-617283940a1b."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_what_would_be_right(expected: object, value: object, code: str, message: str) -> None:
    assert [(fault.code, fault.message) for fault in explain(expected, value)] == [(code, message)]


def test_nothing_is_said_of_what_is_right() -> None:
    assert [explain(Site, "https://a.test"), explain(Name, "Ada"), explain(Literal[True], value=True)] == [[], [], []]


def test_a_key_that_is_none_is_named() -> None:
    [fault] = explain(dict[Annotated[str, Meta(pattern="^a", examples=["ab"])], int], {"a": 1, "b": 2})
    assert (fault.field, fault.code) == ("b", "invalid_format")


def test_an_alias_is_shown_as_what_it_is_used_for() -> None:
    asked = Annotated[Site, Meta(examples=["https://grace.example.com"])]
    assert explain(asked, "nope")[0].message == "Expected at least 10 characters, such as https://grace.example.com."
