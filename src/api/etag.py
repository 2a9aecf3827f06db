"""Versions on the wire: `ETag` out, `If-Match` in (RFC 9110 §13.1.1)."""

import re
from typing import Annotated, Any, Protocol, TypeVar

import msgspec
from litestar import Response
from litestar.params import HeaderParameter

from api.answers import Answer
from domains.shared.errors import ValidationFailed

_DOCUMENTED = {"minLength": 1, "pattern": r'^(\*|(W/)?"[!#-~]*"(, ?(W/)?"[!#-~]*")*)$(?!\n)'}
IfMatch = Annotated[
    Annotated[str, msgspec.Meta(max_length=1000, extra_json_schema=_DOCUMENTED)] | None,
    HeaderParameter(name="If-Match"),
]

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_LIST = re.compile(rf"[ \t]*{_TAG.pattern}(?:[ \t]*,[ \t]*{_TAG.pattern})*[ \t]*")
_VERSION = re.compile(r"[1-9][0-9]{0,17}")


class Versioned(Protocol):
    """Anything that is shown with a version, which grows with every change its client can see."""

    @property
    def version(self) -> int: ...


Shown = TypeVar("Shown", bound=Versioned)


def etag(version: int) -> str:
    return f'"{version}"'


def tagged(shown: Shown, **kwargs: Any) -> Response[Shown]:
    """An answer with its `ETag`."""
    return Answer(shown, headers={"ETag": etag(shown.version)}, **kwargs)


def created(shown: Shown, *, location: str) -> Response[Shown]:
    """An answer to a creation: 201, `Location` and `ETag`."""
    return Answer(shown, status_code=201, headers={"ETag": etag(shown.version), "Location": location})


def expected_versions(if_match: str | None) -> frozenset[int] | None:
    """The versions that `If-Match` allows; `None` when there is no header, or `*`: any will do.

    A weak tag matches nothing, as does a tag that we never give out. `ValidationFailed` unless it is a list of tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not _LIST.fullmatch(if_match):
        raise ValidationFailed.of("If-Match", "invalid_format", 'Expected * or a list of tags, such as "3".')
    strong = [tag[2] for tag in _TAG.finditer(if_match) if not tag[1]]
    return frozenset(int(tag) for tag in strong if _VERSION.fullmatch(tag))
