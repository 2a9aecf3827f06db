"""What a password must be."""

from typing import Annotated

from msgspec import Meta

from domains.shared.errors import FieldError, ValidationFailed

PasswordText = Annotated[str, Meta(min_length=1, max_length=128, examples=["Correct-Horse-7"])]

_SHORTEST = 8


def must_be_strong(password: str, field: str) -> None:
    """Raise `ValidationFailed`, naming each rule that is broken: 8 characters, upper and lower case, a digit."""
    rules = {
        "too_short": (len(password) >= _SHORTEST, "at least 8 characters"),
        "no_upper_case": (any(character.isupper() for character in password), "an upper-case letter"),
        "no_lower_case": (any(character.islower() for character in password), "a lower-case letter"),
        "no_digit": (any(character.isdigit() for character in password), "a digit"),
    }
    broken = [FieldError(field, code, f"A password has {text}.") for code, (kept, text) in rules.items() if not kept]
    if broken:
        raise ValidationFailed.all_of(broken)
