"""The address that a request was for: as its caller wrote it, and as the router knows it."""

import re
from urllib.parse import quote

from litestar.types import Scope

_PARAMETER = re.compile(r"\{([A-Za-z_]+)[^}]*\}")
_HALF = re.compile(r"%[0-9A-F]?$(?!\n)")
_MOST = 500
_SAFE = ":@!$&'()*+,;=-._~"


def instance_of(scope: Scope) -> str:
    """The path as it was called, to be shown to its caller. A part that is no id may be a secret, and is left out."""
    called, known = scope["path"].split("/"), scope.get("path_template", "").split("/")
    if len(known) != len(called):
        return _short("/".join(quote(part, safe=_SAFE) for part in called))
    return _short("/".join(map(_shown, called, known)))


def route_of(scope: Scope) -> str:
    """The path as the router knows it, for logs: nothing in it is of the caller's making, where it is known at all."""
    template = scope.get("path_template")
    return _PARAMETER.sub(_placeholder, template) if template else instance_of(scope)


def _short(path: str) -> str:
    """No more of it than an answer may hold, and no half of an escaped byte."""
    return path if len(path) <= _MOST else _HALF.sub("", path[:_MOST])


def _shown(called: str, known: str) -> str:
    parameter = _PARAMETER.fullmatch(known)
    if parameter and not parameter[1].endswith("_id"):
        return _placeholder(parameter)
    return quote(called, safe=_SAFE)


def _placeholder(found: re.Match[str]) -> str:
    first, *rest = found[1].split("_")
    return f":{first}{''.join(word.title() for word in rest)}"
