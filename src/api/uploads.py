"""A file that is sent, as it comes: the one part of a form that bears its name, or the body itself."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from litestar import Request
from multipart import (  # type: ignore[import-untyped]  # the library has no types
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)

from api.media_types import UnsupportedBody
from domains.shared.errors import ValidationFailed

FIELD = "file"
_FORM = "multipart/form-data"
_MOST_PARTS = 1
_HEADER_BYTES = 4096

CSV_TYPES = frozenset(
    {"application/csv", "application/octet-stream", "application/vnd.ms-excel", "text/csv", "text/plain",
     "text/tab-separated-values"}
)  # fmt: skip
"""What browsers and programs call CSV files."""

PICTURE_TYPES = frozenset({"application/octet-stream", "image/jpeg", "image/png"})
_NAMED = frozenset({"image/jpeg", "image/png", "text/csv"})


def takes_file(example: str, *, most: int, kind: str = "text/csv") -> dict[str, Any]:
    """The body of an operation that takes a file of at most `most` bytes, for its OpenAPI entry."""
    content = {"type": "string", "minLength": 1, "maxLength": most}
    form = {
        "type": "object",
        "properties": {FIELD: {**content, "contentMediaType": kind}},
        "required": [FIELD],
        "additionalProperties": False,
    }
    return {
        _FORM: {"schema": form, "example": {FIELD: example}},
        kind: {"schema": content, "example": example},
    }


async def sent_file(request: Request[Any, Any, Any], accepted: frozenset[str] = CSV_TYPES) -> AsyncIterator[bytes]:
    """The content of the file. Raise 415 for other types of body, 413 for one that is too large."""
    kind, options = request.content_type
    kinds = request.headers.getall("content-type", [])
    if len(kinds) != 1 or "content-encoding" in request.headers or kind not in {_FORM, *accepted}:
        raise UnsupportedBody(_FORM, *sorted(accepted & _NAMED))
    if kind in accepted:
        async for block in request.stream():
            yield block
        return
    async for block in _field(request, options.get("boundary", "")):
        yield block


async def _field(request: Request[Any, Any, Any], boundary: str) -> AsyncIterator[bytes]:
    try:
        form = PushMultipartParser(boundary, max_header_size=_HEADER_BYTES, max_segment_count=_MOST_PARTS, strict=True)
        async for block in request.stream():
            for content in _of_the_file(form, block) if block else ():
                yield content
        form.close()
    except MultipartError:
        raise ValidationFailed.of(FIELD, "invalid_form", "Expected a form with one field, the file.") from None


def _of_the_file(form: PushMultipartParser, block: bytes) -> Iterator[bytes]:
    for found in form.parse(block):
        if isinstance(found, MultipartSegment):
            if found.name != FIELD:
                raise ValidationFailed.of(FIELD, "required", f"The field of the form is named `{FIELD}`.")
        elif found:
            yield bytes(found)
