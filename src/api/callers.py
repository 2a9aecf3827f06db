"""From where a request comes, as far as it can be told."""

from litestar.types import Scope

_AGENT = b"user-agent"
_LONGEST_AGENT = 500


def ip_of(scope: Scope) -> str | None:
    """The address at the other end of the connection."""
    client = scope.get("client")
    return client[0] if client else None


def agent_of(scope: Scope) -> str | None:
    """What the client calls itself, cut to 500 characters, on one line."""
    given = [value for name, value in scope["headers"] if name == _AGENT]
    if len(given) != 1:
        return None
    text = given[0].decode("utf-8", "replace")[:_LONGEST_AGENT]
    return "".join(character if character.isprintable() else " " for character in text) or None
