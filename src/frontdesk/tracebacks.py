"""Tracebacks for logs: where it went wrong, and not what somebody wrote.

The text of an exception is shown only where our code or the interpreter made it, of words of the code. A driver, a
parser or a mail server quotes what it was given: of theirs the type is shown, and their codes.
"""

import re
import sys
import traceback
from collections.abc import Iterator

from structlog.typing import EventDict

from domains.shared.errors import DomainError

_TELLING = frozenset(
    {RuntimeError, TypeError, AttributeError, NameError, ModuleNotFoundError, AssertionError, NotImplementedError}
)
_CODES = ("sqlstate", "constraint_name", "errno", "code", "status_code")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_LONGEST = 300
_DEEPEST = 10


def error_of(event: EventDict) -> BaseException | None:
    """The exception that a line was logged with, in whichever way `exc_info` names it."""
    given = event.get("exc_info")
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def formatted(_logger: object, _name: str, event: EventDict) -> EventDict:
    """A processor of structlog: `exc_info` becomes the text `exception`."""
    error = error_of(event)
    event.pop("exc_info", None)
    if error:
        event["exception"] = traceback_of(error)
    return event


def traceback_of(error: BaseException) -> str:
    """The whole chain, the first cause first, as Python prints it, less what is not ours to tell."""
    return "\n".join(_block(each) for each in reversed(list(_chain(error))))


def _chain(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    for _ in range(_DEEPEST):
        if following is None:
            return
        yield following
        if isinstance(following, BaseExceptionGroup):
            yield from following.exceptions[:_DEEPEST]
        hidden = None if following.__suppress_context__ else following.__context__
        following = following.__cause__ or hidden


def _block(error: BaseException) -> str:
    frames = "".join(traceback.format_tb(error.__traceback__))
    return f"Traceback (most recent call last):\n{frames}{_line(error)}"


def _line(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    if type(error) in _TELLING or isinstance(error, DomainError):
        return f"{kind}: {str(error)[:_LONGEST]!r}"
    codes = {name: getattr(error, name, "") for name in _CODES}
    told = " ".join(f"{name}={value}" for name, value in codes.items() if _CODE.fullmatch(str(value)))
    return f"{kind} {told}".rstrip()
