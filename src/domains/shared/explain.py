"""Says everything that is wrong with an input, where the decoder stops at the first fault."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, get_args, get_origin

import msgspec

from domains.shared.complaints import alternatives, complaint, without_annotation
from domains.shared.errors import WHOLE, FieldError

_MOST_FAULTS = 100
_MOST_PARTS = 1000


def explain(expected: Any, value: Any) -> list[FieldError]:
    """The faults of `value` as an `expected`, by JSON path, a hundred at most. Empty when there is none."""
    return list(islice(_all(expected, value, ""), _MOST_FAULTS))


def _all(expected: Any, value: Any, path: str) -> Iterator[FieldError]:
    inside = _within(expected, value, path)
    if (first := next(inside, None)) is None:
        yield from _itself(expected, value, path)
    else:
        yield first
        yield from inside


def _within(expected: Any, value: Any, path: str) -> Iterator[FieldError]:
    if isinstance(value, dict | list) and len(value) > _MOST_PARTS:
        return
    if isinstance(value, dict):
        for each in alternatives(expected):
            yield from _within_object(without_annotation(each), value, path)
    elif isinstance(value, list) and (item_type := _item_type(expected)) is not None:
        for index, item in enumerate(value):
            yield from _all(item_type, item, f"{path}[{index}]")


def _within_object(bare: Any, value: dict[str, Any], path: str) -> Iterator[FieldError]:
    kind = get_origin(bare) or bare
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from _fields(bare, value, path)
    elif kind is dict and get_args(bare):
        of_keys, of_items = get_args(bare)
        for name, item in value.items():
            yield from _itself(of_keys, name, _join(path, name))
            yield from _all(of_items, item, _join(path, name))


def _fields(struct: Any, value: dict[str, Any], path: str) -> Iterator[FieldError]:
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, field in known.items():
        where = _join(path, name)
        if name in value:
            yield from _all(field.type, value[name], where)
        elif field.required:
            yield FieldError(where, "required", "This field is required.")
    config = (get_origin(struct) or struct).__struct_config__
    if config.forbid_unknown_fields:
        for name in value:
            if name not in known and name != config.tag_field:
                yield FieldError(_join(path, name), "unknown_field", "There is no such field.")


def _item_type(expected: Any) -> Any:
    for each in alternatives(expected):
        bare = without_annotation(each)
        if get_origin(bare) in (list, tuple, set, frozenset):
            return get_args(bare)[0]
    return None


def _itself(expected: Any, value: Any, path: str) -> Iterator[FieldError]:
    try:
        msgspec.convert(value, expected, strict=True)
    except msgspec.ValidationError as error:
        code, message = complaint(expected, error)
        yield FieldError(path or WHOLE, code, message)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
