"""Links of the OpenAPI document: from the answer to a creation to all that can be done with what was made."""

import re
from collections.abc import Sequence

import msgspec

from api.openapi_examples import JsonObject
from api.operations_served import BASE_PATH, Operation, camel_case

_LAST_PARAMETER = re.compile(r"/\{(\w+)\}$(?!\n)")


def links_of(made: Operation, operations: Sequence[Operation]) -> JsonObject:
    """By the id of each operation on what was made: the parameters with which it is called.

    What was made stands at the handler's `made_at`; else where what is made at `/things` stands at `/things/{thingId}`;
    else where a GET answers with the same view.
    """
    place = _place_of(made, operations) if made.is_creation else None
    if place is None:
        return {}
    name: str = _LAST_PARAMETER.findall(place)[0]
    fields = {field.encode_name for field in msgspec.structs.fields(made.answer)}
    shown_as = next((each for each in (name, "id") if each in fields), None)
    if shown_as is None:
        return {}
    found = {each.id: _given(made, each, {name: f"$response.body#/{shown_as}"}, place) for each in operations}
    return {name: {"operationId": name, "parameters": given} for name, given in found.items() if given}


def _place_of(made: Operation, operations: Sequence[Operation]) -> str | None:
    if told := made.handler.opt.get("made_at"):
        return camel_case(f"{BASE_PATH}{told}".replace(":str}", "}"))
    below = (each.path for each in operations if _LAST_PARAMETER.sub("", each.path) == made.path != each.path)
    shown = (
        each.path
        for each in operations
        if each.method == "get" and each.answer == made.answer and _LAST_PARAMETER.search(each.path)
    )
    return next(below, next(shown, None))


def _given(made: Operation, wanted: Operation, key: dict[str, str], place: str) -> JsonObject:
    """Nothing where `wanted` is not about what was made, or asks for what nobody knows yet.

    An id finds whatever has a parameter of its name, in the path or the query; another key, such as `token`, has its
    meaning below its own place only.
    """
    (name,) = key
    asked = {camel_case(each.name): each.required for each in wanted.parameters}
    known = {each: f"$request.path.{each}" for each in made.path_names} | key
    is_about = name in asked and (name.endswith("Id") or wanted.path.startswith(place))
    if not is_about or any(required for each, required in asked.items() if each not in known):
        return {}
    tag = {"If-Match": "$response.header.ETag"} if "If-Match" in asked and made.is_tagged else {}
    return {each: known[each] for each in asked if each in known} | tag
