"""Reads JSON more strictly than any decoder does by itself."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any, NoReturn

from domains.shared.errors import WHOLE, FieldError, ValidationFailed

MAX_DEPTH = 32
_BOM = b"\xef\xbb\xbf"
_SUSPICIOUS = re.compile(rb"[\\0-9](?:u|[0-9]{18}|\.?[eE])")
"""An escape, a long number, an exponent. What each begins with stands in front: the rest is passed over fast."""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NUMBER_LIMIT = 2**63
_MOST_FAULTS, _LONGEST_PATH = 100, 1_000
_Place = tuple["_Place | None", str | int]


def read_json(raw: bytes) -> Any:
    """Parse a JSON text (RFC 8259) in UTF-8.

    `ValidationFailed` for: no text, a byte order mark, bad UTF-8, NaN and infinities, a field named twice, nesting
    deeper than 32, a NUL character or a lone surrogate in any string, a number that 64 bits cannot hold.
    """
    value = _parse(raw)
    if _SUSPICIOUS.search(raw) or raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        found = list(islice(_unsound(value, None, 1), _MOST_FAULTS))
        if found:
            raise ValidationFailed.all_of(found)
    return value


def _parse(raw: bytes) -> Any:
    if raw.startswith(_BOM):
        _refuse("byte_order_mark", "The text must not begin with a byte order mark.")
    try:
        return _STRICT.decode(raw.decode("utf-8"))
    except UnicodeDecodeError:
        _refuse("invalid_encoding", "The text is not valid UTF-8.")
    except RecursionError:
        _refuse("too_deep", f"The text is nested deeper than {MAX_DEPTH} levels.")
    except json.JSONDecodeError as error:
        _refuse("malformed_json", f"This is not JSON: {error.msg}, at character {error.pos}.")
    except ValueError:
        _refuse("out_of_range", "A number has too many digits.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise ValidationFailed.of(twice, "duplicate_field", "The field is given twice.")
    return found


def _constant(name: str) -> NoReturn:
    _refuse("malformed_json", f"{name} is not JSON.")


def _refuse(code: str, message: str) -> NoReturn:
    raise ValidationFailed.of(WHOLE, code, message)


_STRICT = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


def _unsound(value: Any, place: "_Place | None", depth: int) -> Iterator[FieldError]:
    if depth > MAX_DEPTH and isinstance(value, dict | list):
        yield FieldError(_path(place)[:100], "too_deep", f"This is nested deeper than {MAX_DEPTH} levels.")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _unsound_text(name, place)
            yield from _unsound(item, (place, name), depth + 1)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unsound(item, (place, index), depth + 1)
    elif isinstance(value, str):
        yield from _unsound_text(value, place)
    elif isinstance(value, int | float) and not -_NUMBER_LIMIT <= value < _NUMBER_LIMIT:
        yield FieldError(_path(place), "out_of_range", "The number is out of range.")


def _unsound_text(text: str, place: "_Place | None") -> Iterator[FieldError]:
    if "\x00" in text:
        yield FieldError(_path(place), "nul_character", "The text must not contain the character NUL.")
    if _SURROGATE.search(text):
        yield FieldError(_path(place), "lone_surrogate", "The text has half of a surrogate pair.")


def _path(place: "_Place | None") -> str:
    """Put together where there is a fault only: a long name with much inside would be copied again and again."""
    parts: list[str] = []
    while place is not None:
        place, step = place
        parts.append(f"[{step}]" if isinstance(step, int) else f".{step}")
    return "".join(reversed(parts)).removeprefix(".")[:_LONGEST_PATH] or WHOLE
