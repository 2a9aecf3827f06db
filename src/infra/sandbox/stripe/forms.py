"""Stripe's form encoding: `metadata[a]=1&expand[0]=x` is `{"metadata": {"a": "1"}, "expand": ["x"]}`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from infra.sandbox.stripe.refusals import Json, invalid

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MOST_FIELDS = 1_000


def form(encoded: str) -> Json:
    """What was sent. Raise `StripeRefusal` for names that are not so built."""
    given: Json = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, max_num_fields=_MOST_FIELDS):
        match = _NAME.fullmatch(name)
        if match is None:
            raise invalid(f"Invalid parameter name: {name[:100]}")
        _put(given, [match[1], *_PART.findall(match[2])], value)
    return {name: _listed(value) for name, value in given.items()}


def whole(given: Json, name: str, *, low: int = 0, high: int = 99_999_999) -> int | None:
    """An integer parameter; None where it is absent."""
    if name not in given:
        return None
    text = str(given[name])
    if not re.fullmatch(r"-?[0-9]{1,18}", text):
        raise invalid(f"Invalid integer: {text[:50]}", param=name, code="parameter_invalid_integer")
    if not low <= int(text) <= high:
        raise invalid(f"This value must be between {low} and {high}.", param=name)
    return int(text)


def _put(given: Json, path: list[str], value: str) -> None:
    at: Any = given
    for place, name in enumerate(path[:-1]):
        at = at.setdefault(name or str(len(at)), {})
        if not isinstance(at, dict):
            raise invalid(f"Invalid parameter: {'.'.join(path[: place + 1])}")
    last = path[-1] or str(len(at))
    at[last] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
