"""What is said of a value that is not as expected helps to put it right."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta

from api.explain import explain

Site = Annotated[str, Meta(min_length=10, max_length=50, pattern=r"^https://", examples=["https://ada.example.com"])]
Name = Annotated[str, Meta(min_length=2, max_length=5, examples=["Ada"])]


@pytest.mark.parametrize(
    ("expected", "value", "code", "message"),
    [
        (Site, "nope", "too_short", "Expected at least 10 characters, such as https://ada.example.com."),
        (Site | None, "nope", "too_short", "Expected at least 10 characters, such as https://ada.example.com."),
        (Site, "http://nope.test", "invalid_format",
         "This is not of the form that is expected here, such as https://ada.example.com."),
        (Name, "A", "too_short", "Expected at least 2 characters."),
        (Name, "Adalin", "too_long", "Expected at most 5 characters."),
        (Literal[True], False, "invalid_choice", "Expected true."),
        (Literal["a", "b"], "c", "invalid_choice", "Expected one of: a, b."),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_what_would_be_right(expected: object, value: object, code: str, message: str) -> None:
    assert [(fault.code, fault.message) for fault in explain(expected, value)] == [(code, message)]


def test_nothing_is_said_of_what_is_right() -> None:
    assert [explain(Site, "https://a.test"), explain(Name, "Ada"), explain(Literal[True], value=True)] == [[], [], []]
