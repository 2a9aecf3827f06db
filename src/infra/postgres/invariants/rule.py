"""One invariant, and how many of them become one statement."""

from collections.abc import Sequence

import msgspec

MOST_FINDINGS = 10


class Invariant(msgspec.Struct, frozen=True):
    """`finds` answers one text for each breach. One that `is_long` reads a whole log."""

    name: str
    finds: str
    is_long: bool = False


class Kinds(msgspec.Struct, frozen=True):
    """The kinds of envelopes that this version knows: `$1` in an invariant; and those that are about an event: `$2`."""

    known: frozenset[str]
    of_events: frozenset[str]


def script(invariants: Sequence[Invariant], *, most: int) -> str:
    """One statement that answers (name, finding), `most` of each. It takes two lists of kinds."""
    kinds = "select null::text as name, null::text as finding where $1::text[] is null and $2::text[] is null"
    return " union all ".join([kinds, *(_part(each, most) for each in invariants)])


def _part(invariant: Invariant, most: int) -> str:
    name = invariant.name.replace("'", "''")
    asked = f"select '{name}' as name, found.text as finding from ({invariant.finds}) found (text)"  # noqa: S608 - our own
    return f"({asked} limit {most})"
