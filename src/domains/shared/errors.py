"""What a use case says when it refuses: a stable `code` and typed details, never an HTTP status."""

from collections.abc import Callable, Iterable
from operator import call
from typing import Any, ClassVar, TypeVar

import msgspec

Part = TypeVar("Part")
WHOLE = "$"
"""The path of the input as a whole."""


class FieldError(msgspec.Struct, frozen=True):
    """One bad field: `field` is its JSON path (`emails[0]`), `code` is stable, `message` is for people."""

    field: str
    code: str
    message: str


class DomainError(Exception):
    """A refusal that changed nothing. Each subclass is one kind, named by its `code`."""

    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(self, detail: str, *, errors: tuple[FieldError, ...] = ()) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = errors


class ValidationFailed(DomainError):
    """The input breaks a rule that its sender could have known."""

    code = "validation_error"
    title = "The input is not valid"

    @classmethod
    def of(cls, field: str, code: str, message: str) -> "ValidationFailed":
        return cls.all_of([FieldError(field, code, message)])

    @classmethod
    def all_of(cls, errors: list[FieldError]) -> "ValidationFailed":
        named = ", ".join(
            dict.fromkeys("the input as a whole" if error.field == WHOLE else error.field for error in errors)
        )
        return cls(f"Not valid: {named}.", errors=tuple(errors))


def together(*parts: Callable[[], Part]) -> list[Part]:
    """The value of each part. Where parts raise `ValidationFailed`, raise one that names the faults of all of them."""
    return each(call, zip(parts, strict=True))


def each(make: Callable[..., Part], arguments: Iterable[tuple[Any, ...]]) -> list[Part]:
    """What `make` makes of each of `arguments`, with their faults as `together` names them."""
    values: list[Part] = []
    faults: list[FieldError] = []
    for given in arguments:
        try:
            values.append(make(*given))
        except ValidationFailed as fault:
            faults.extend(fault.errors)
    if faults:
        raise ValidationFailed.all_of(faults)
    return values


class InvalidCursor(DomainError):
    """A cursor that was not given out for this list, these filters and this caller."""

    code = "invalid_cursor"
    title = "The cursor is not valid here"


class InvalidCode(DomainError):
    """A mailed code that is wrong, spent, expired or guessed too often: the same answer for all four."""

    code = "invalid_code"
    title = "The code is not valid"


class InvalidToken(DomainError):
    """A token of one purpose (to refresh, to reset) that is wrong, spent or expired: the same answer for all three."""

    code = "invalid_token"
    title = "The token is not valid"


class FeatureDisabled(DomainError):
    """Not offered by this installation, or not switched on for the caller."""

    code = "feature_disabled"
    title = "This feature is not switched on"


class Unauthenticated(DomainError):
    """No credential, or one that is not valid."""

    code = "unauthenticated"
    title = "A valid credential is needed"


class TokenExpired(DomainError):
    """An access token that was valid until its time ran out."""

    code = "token_expired"
    title = "The access token has expired"


class InvalidCredentials(DomainError):
    """A wrong e-mail or a wrong password: one answer for both."""

    code = "invalid_credentials"
    title = "E-mail or password is wrong"


class Forbidden(DomainError):
    """The caller is known, and may not do this."""

    code = "forbidden"
    title = "Not allowed"


class NotFound(DomainError):
    """Nothing with this id in the caller's tenant. Whether another tenant has one is not told."""

    code = "not_found"
    title = "Not found"

    @classmethod
    def one(cls, kind: str) -> "NotFound":
        return cls(f"There is no such {kind}.")


class Conflict(DomainError):
    """The request is sound, the present state forbids it."""

    code = "conflict"
    title = "Conflict with the present state"


class AlreadyExists(Conflict):
    """A value that must be unique in the tenant is taken."""

    code = "already_exists"
    title = "It exists already"


class InvalidTransition(DomainError):
    """The state in which it is does not lead to the one that is wanted, or forbids the change."""

    code = "invalid_transition"
    title = "Its state does not allow this"


class DeadlinePassed(DomainError):
    """The time in which it could be done is over."""

    code = "deadline_passed"
    title = "The time for it is over"


class Expired(DomainError):
    """A link that was good once."""

    code = "expired"
    title = "It is no longer good"


class VersionConflict(DomainError):
    """`If-Match` named a version that is not the present one."""

    code = "version_conflict"
    title = "It was changed in the meantime"


class Unavailable(DomainError):
    """A part that the request needs is not there, or too busy, for the moment. A retry may succeed."""

    code = "unavailable"
    title = "Not available for the moment"


class RateLimited(DomainError):
    """Too often: `most` were allowed. After `retry_after` seconds there is room again."""

    code = "rate_limited"
    title = "Too many requests"

    def __init__(self, detail: str, *, most: int, retry_after: int) -> None:
        super().__init__(detail)
        self.most = most
        self.retry_after = retry_after
