"""Recovery codes: for whoever has lost the telephone."""

import secrets
from typing import Annotated

import msgspec

from domains.identity.codes import Codes
from domains.shared.wire import View

HOW_MANY = 10
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"
_HALF = 5

RecoveryCode = Annotated[str, msgspec.Meta(max_length=11, examples=["k7wq3-9mz4t"])]


class RecoveryCodes(View, frozen=True):
    """Ten codes, each good once in the place of one by time. They are shown here and never again."""

    recovery_codes: Annotated[tuple[RecoveryCode, ...], msgspec.Meta(max_length=HOW_MANY)]


def new_recovery_codes() -> RecoveryCodes:
    """Each has 49 random bits; letters and digits that look alike are left out."""
    return RecoveryCodes(recovery_codes=tuple(f"{_random()}-{_random()}" for _ in range(HOW_MANY)))


def digests(made: RecoveryCodes, codes: Codes) -> list[bytes]:
    return [digest(each, codes) for each in made.recovery_codes]


def digest(text: str, codes: Codes) -> bytes:
    """Keyed, so that a stolen table tells no code. Case, blanks and dashes do not count."""
    return codes.digest("".join(letter for letter in text.lower() if letter.isalnum()))


def _random() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_HALF))
