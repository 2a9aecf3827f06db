"""Kinds of field that many domains use, with their bounds."""

from typing import Annotated
from zoneinfo import available_timezones

import msgspec
from babel.numbers import list_currencies

from domains.shared.errors import ValidationFailed

ONE_LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$(?!\n)"
"""No line breaks or other control characters: such a text stays one line in a letter, a header, a log."""

DisplayName = Annotated[str, msgspec.Meta(min_length=2, max_length=100, pattern=ONE_LINE, examples=["Ada Lovelace"])]
EmailText = Annotated[str, msgspec.Meta(min_length=3, max_length=254, examples=["ada@example.com"])]
LanguageTag = Annotated[
    str, msgspec.Meta(max_length=35, pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$(?!\n)", examples=["en", "pt-BR"])
]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=ONE_LINE, examples=["Harbor"])]
PhoneText = Annotated[str, msgspec.Meta(min_length=4, max_length=32, examples=["+15551234567"])]
CurrencyCode = Annotated[str, msgspec.Meta(min_length=3, max_length=3, examples=["USD"])]
TimezoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=64, examples=["America/New_York"])]


def known_currency(code: str, field: str) -> str:
    """`code` if it is an ISO 4217 currency, else `ValidationFailed`."""
    if code not in list_currencies():
        raise ValidationFailed.of(field, "unknown_currency", "Expected an ISO 4217 code, such as USD.")
    return code


def known_timezone(name: str, field: str) -> str:
    """`name` if it is an IANA time zone, else `ValidationFailed`."""
    if name not in available_timezones():
        raise ValidationFailed.of(field, "unknown_timezone", "Expected an IANA name, such as Europe/Berlin.")
    return name


def trimmed(text: str, field: str, *, shortest: int) -> str:
    """`text` without the blanks around it; `ValidationFailed` where fewer than `shortest` characters are left."""
    found = text.strip()
    if len(found) < shortest:
        raise ValidationFailed.of(field, "too_short", f"Expected at least {shortest} characters that are no blanks.")
    return found
