"""The two kinds of struct that cross the wire: what is asked (`Command`) and what is shown (`View`).

Their fields are snake_case in Python and camelCase in JSON.
"""

import msgspec


class Command(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What a caller wants done. An unknown field is refused."""


class View(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What a caller is shown, ready to encode."""
