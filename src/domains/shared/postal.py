"""Postal addresses, and the countries they are in."""

import re
from typing import Annotated

import msgspec
from babel import Locale
from msgspec import Meta

from domains.shared.errors import ValidationFailed
from domains.shared.fields import ONE_LINE, Line, bare
from domains.shared.wire import Command

_NO_COUNTRIES = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
"""What CLDR names beside countries: islands of others, unions, and stand-ins."""
COUNTRIES = frozenset(filter(re.compile(r"[A-Z]{2}").fullmatch, map(str, Locale("en").territories))) - _NO_COUNTRIES
"""ISO 3166-1, and Kosovo's `XK`."""

CountryCode = Annotated[str, Meta(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$(?!\n)", examples=["US"])]


class PostalAddress(Command, frozen=True):
    """A postal address. `country` is an ISO 3166 code of two letters."""

    street: Annotated[Line, Meta(examples=["12 Analytical Way"])] | None = None
    city: Annotated[Line, Meta(examples=["New York"])] | None = None
    state: Annotated[Line, Meta(examples=["NY"])] | None = None
    zip_code: Annotated[str, Meta(min_length=1, max_length=20, pattern=ONE_LINE, examples=["10001"])] | None = None
    country: CountryCode | None = None

    def kept(self, field: str) -> "PostalAddress | None":
        """The address with its lines trimmed, if any is left. Raise `ValidationFailed` for a code of no country."""
        if self.country is not None:
            known_country(self.country, f"{field}.country")
        lines = msgspec.structs.asdict(self).items()
        found = PostalAddress(**{name: bare(line) or None for name, line in lines if line})
        return None if found == PostalAddress() else found


def known_country(code: str, field: str) -> str:
    """`code` if a country has it, else `ValidationFailed`."""
    if code not in COUNTRIES:
        raise ValidationFailed.of(field, "unknown_country", "Expected an ISO 3166 code of two letters, such as US.")
    return code
