"""E-mail addresses and telephone numbers: an invalid one cannot be built."""

import re
from functools import cache
from typing import Self

import email_validator
import msgspec
import phonenumbers

from domains.shared.errors import ValidationFailed
from domains.shared.fields import bare

MAX_EMAIL = 254
_MAX_LOCAL = 64
_MAX_LABEL = 63
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)+[A-Za-z]{2,63}")
_WRITTEN = re.compile(
    r"(?:tel:)?[\s+\uff0b(\[]*\d[\d\s()\[\]./\-\u2010-\u2015\u2212\uff0d]*(?:[A-Za-z]{3}[A-Za-z\d\s.-]*|(?:x|#|;ext=)\s*\d+)?"
)
"""Digits with signs between them, or letters that stand for digits, and perhaps an extension: no words around it."""
_NOT_PUBLIC = tuple(f".{name}" for name in sorted({*email_validator.SPECIAL_USE_DOMAIN_NAMES} - {"test"}))
_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE
"""Not `IS_POSSIBLE_LOCAL_ONLY`: a number without its area code cannot be dialled from elsewhere."""
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_LONGEST_COUNTRY_CODE = 3
_REGIONS = frozenset(phonenumbers.SUPPORTED_REGIONS)


class EmailAddress(msgspec.Struct, frozen=True):
    """A deliverable-looking address, normalised: Unicode NFC, lower case."""

    value: str

    @classmethod
    def parse(cls, text: str, field: str) -> Self:
        """Raise `ValidationFailed` naming `field` unless `text` is an address (RFC 5321 lengths, no name part).

        An encoded word is none: mail programs would decode it into another address (RFC 2047 §5).
        """
        if "=?" in text:
            raise ValidationFailed.of(field, "invalid_email", "An address has no encoded words.")
        if _is_plain(text):
            return cls(text.lower())
        try:
            found = email_validator.validate_email(
                text, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
            )
        except email_validator.EmailNotValidError as error:
            raise ValidationFailed.of(field, "invalid_email", str(error)) from None
        return cls(found.normalized.lower())


def _is_plain(text: str) -> bool:
    """Whether it is beyond doubt an address, as nearly all are: the library takes eight times as long to say so."""
    local, _, domain = text.lower().rpartition("@")
    labels = domain.split(".")
    return (
        len(text) <= MAX_EMAIL
        and len(local) <= _MAX_LOCAL
        and _PLAIN.fullmatch(text) is not None
        and max(map(len, labels)) <= _MAX_LABEL
        and not f".{domain}".endswith(_NOT_PUBLIC)
    )


class PhoneNumber(msgspec.Struct, frozen=True):
    """A number in E.164: `+15551234567`."""

    value: str

    @classmethod
    def parse(cls, text: str, field: str, *, region: str | None) -> Self:
        """Raise `ValidationFailed` unless `text` is a possible number and nothing else.

        Without `+`, it is read as one of `region`. An extension has no place in E.164, and is left out.
        """
        text = bare(text)
        if _is_e164(text):
            return cls(text)
        try:
            number = phonenumbers.parse(text, region) if _WRITTEN.fullmatch(text) else None
        except phonenumbers.NumberParseException:
            number = None
        if number is None or phonenumbers.is_possible_number_with_reason(number) != _POSSIBLE:
            expected = "a phone number with its country code, such as +15551234567"
            raise ValidationFailed.of(field, "invalid_phone", f"Expected {expected}.")
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class _Numbering(msgspec.Struct, frozen=True):
    """The national numbers of one country code: how long they are, and what in front of one may be no part of it."""

    lengths: frozenset[int]
    stripped: re.Pattern[str] | None

    def takes(self, national: str) -> bool:
        """Whether it is a possible one, of which nothing would be left out."""
        begins_soundly = national[0] != "0" and not (self.stripped and self.stripped.match(national))
        return begins_soundly and len(national) in self.lengths


def _is_e164(text: str) -> bool:
    """Whether it is beyond doubt a possible number in its one form: the library takes thirty times as long to say so.

    With a zero in front, or what the country dials before its own numbers, it is left to the library.
    """
    if _E164.fullmatch(text) is None:
        return False
    for end in range(2, _LONGEST_COUNTRY_CODE + 2):
        if of := _numbering(text[1:end]):
            return of.takes(text[end:])
    return False


@cache
def _numbering(country_code: str) -> _Numbering | None:
    """As the library has it; None for what is no country code."""
    code = int(country_code)
    if code not in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
        return None
    region = phonenumbers.region_code_for_country_code(code)
    found = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if found is None or found.general_desc is None:
        return None
    stripped = found.national_prefix_for_parsing
    return _Numbering(frozenset(found.general_desc.possible_length), re.compile(stripped) if stripped else None)


def known_region(code: str, field: str) -> str:
    """`code` if numbers without a country code can be read as those of this country, else `ValidationFailed`."""
    if code not in _REGIONS:
        message = "Expected the ISO 3166 code of a country with telephone numbers of its own, such as US."
        raise ValidationFailed.of(field, "unknown_country", message)
    return code
