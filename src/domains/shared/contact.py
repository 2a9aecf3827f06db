"""E-mail addresses and telephone numbers: an invalid one cannot be built."""

from typing import Self

import email_validator
import msgspec
import phonenumbers

from domains.shared.errors import ValidationFailed

MAX_EMAIL = 254
MAX_PHONE = 32


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
        try:
            found = email_validator.validate_email(
                text, check_deliverability=False, allow_smtputf8=False, test_environment=True, strict=True
            )
        except email_validator.EmailNotValidError as error:
            raise ValidationFailed.of(field, "invalid_email", str(error)) from None
        return cls(found.normalized.lower())


class PhoneNumber(msgspec.Struct, frozen=True):
    """A number in E.164: `+15551234567`."""

    value: str

    @classmethod
    def parse(cls, text: str, field: str, *, region: str | None) -> Self:
        """Raise `ValidationFailed` unless `text` is a possible number. Without `+`, it is read as one of `region`."""
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            expected = "a phone number with its country code, such as +15551234567"
            raise ValidationFailed.of(field, "invalid_phone", f"Expected {expected}.")
        return cls(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
