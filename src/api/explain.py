"""Says everything that is wrong with a body, where the decoder stops at the first fault."""

from collections.abc import Iterator
from typing import Any, get_args, get_origin

import msgspec

from api.complaints import alternatives, complaint, without_annotation
from api.json_text import WHOLE
from domains.shared.errors import FieldError


def explain(expected: Any, value: Any, path: str = "") -> list[FieldError]:
    """Every fault of `value` as an `expected`, by JSON path. Empty when there is none."""
    found = list(_within(expected, value, path))
    return found or list(_itself(expected, value, path))


def _within(expected: Any, value: Any, path: str) -> Iterator[FieldError]:
    if isinstance(value, dict):
        for each in alternatives(expected):
            bare = without_annotation(each)
            if isinstance(get_origin(bare) or bare, type) and issubclass(get_origin(bare) or bare, msgspec.Struct):
                yield from _fields(bare, value, path)
            elif get_origin(bare) is dict:
                for name, item in value.items():
                    yield from explain(get_args(bare)[1], item, _join(path, name))
    elif isinstance(value, list) and (item_type := _item_type(expected)) is not None:
        for index, item in enumerate(value):
            yield from explain(item_type, item, f"{path}[{index}]")


def _fields(struct: Any, value: dict[str, Any], path: str) -> Iterator[FieldError]:
    known = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    for name, field in known.items():
        where = _join(path, name)
        if name in value:
            yield from explain(field.type, value[name], where)
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
