"""Kinds of field that many domains use, with their bounds."""

import re
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

import msgspec
from babel.numbers import list_currencies

from domains.shared.currencies import CURRENT
from domains.shared.errors import ValidationFailed

ONE_LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$(?!\n)"
"""No line breaks, other control characters or turns of direction: it stays one line in a letter, a header, a log."""
MANY_LINES = r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$(?!\n)"
"""Of the control characters tabs and line ends only."""
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u2800\u3164\ufeff\uffa0\s]"
)
_AROUND = "".join(filter(_UNSEEN.fullmatch, map(chr, range(0x10000))))
_VARIANTS_ONLY = re.compile(r"[\ufe00-\ufe0f\u180b-\u180d\U000e0000-\U000e01ef]*")

DisplayName = Annotated[str, msgspec.Meta(min_length=2, max_length=100, pattern=ONE_LINE, examples=["Ada Lovelace"])]
EmailText = Annotated[str, msgspec.Meta(min_length=3, max_length=254, examples=["ada@example.com"])]
LanguageTag = Annotated[
    str, msgspec.Meta(max_length=35, pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$(?!\n)", examples=["en", "pt-BR"])
]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=ONE_LINE, examples=["Harbor"])]
City = Annotated[Line, msgspec.Meta(examples=["New York"])]
CompanyName = Annotated[Line, msgspec.Meta(examples=["Harbor Plumbing"])]
FirstName = Annotated[Line, msgspec.Meta(examples=["Ada"])]
JobTitle = Annotated[Line, msgspec.Meta(examples=["Master plumber"])]
LastName = Annotated[Line, msgspec.Meta(examples=["Lovelace"])]
PersonName = Annotated[Line, msgspec.Meta(examples=["Grace Hopper"])]
Region = Annotated[Line, msgspec.Meta(examples=["NY"])]
Whereabouts = Annotated[Line, msgspec.Meta(examples=["Brooklyn"])]
PhoneText = Annotated[str, msgspec.Meta(min_length=4, max_length=32, examples=["+15551234567"])]
CurrencyCode = Annotated[str, msgspec.Meta(min_length=3, max_length=3, examples=["USD"])]
TimezoneName = Annotated[str, msgspec.Meta(min_length=1, max_length=64, examples=["America/New_York"])]


def bare(text: str) -> str:
    """`text` without the blanks around it, and without what is there and nobody sees. Inside it that is let be."""
    if text.isascii():
        return text.strip()
    found = text.strip(_AROUND)
    return "" if _VARIANTS_ONLY.fullmatch(found) else found


def known_currency(code: str, field: str, *, withdrawn: bool = False) -> str:
    """`code` if it is a currency of ISO 4217 in use, or, where `withdrawn`, once was; else `ValidationFailed`."""
    if code not in CURRENT and not (withdrawn and code in list_currencies()):
        raise ValidationFailed.of(field, "unknown_currency", "Expected an ISO 4217 code, such as USD.")
    return code


def known_timezone(name: str, field: str) -> str:
    """`name` if it is an IANA time zone, else `ValidationFailed`."""
    if name not in _timezones():
        raise ValidationFailed.of(field, "unknown_timezone", "Expected an IANA name, such as Europe/Berlin.")
    return name


@cache
def _timezones() -> frozenset[str]:
    """Read once: it is a walk through files each time."""
    return frozenset(available_timezones())


def trimmed(text: str, field: str, *, shortest: int) -> str:
    """`text` without the blanks around it; `ValidationFailed` where fewer than `shortest` characters are left."""
    found = bare(text)
    if len(found) < shortest:
        raise ValidationFailed.of(field, "too_short", f"Expected at least {shortest} characters that are no blanks.")
    return found
