"""The history of a race, held against what the calendar says after it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import httpx
import msgspec

from tests.support.calendars import Desk
from tests.support.races import FIRST, LENGTH, MIDDLE, Attempt, slot_at
from tests.support.stories import inspector

_VISITS = """
    select a.id::text, a.starts_at, a.ends_at, a.blocked_from, a.blocked_until
    from appointments a join occupancies o on o.tenant_id = a.tenant_id and o.blocker_id = a.id
    where a.tenant_id = $1 and o.holder_id = $2 order by a.blocked_from, a.id
"""


class Visit(msgspec.Struct, frozen=True):
    """What the calendar has in the end."""

    id: str
    starts_at: datetime
    ends_at: datetime
    blocked_from: datetime
    blocked_until: datetime


async def calendar_after(desk: Desk) -> list[Visit]:
    """The person's live visits, as they block."""
    async with inspector(desk.house) as admin:
        return [Visit(**row) for row in await admin.fetch(_VISITS, desk.tenant.id, UUID(desk.staff))]


def faults_of(history: Sequence[Attempt], visits: Sequence[Visit], *, slots: int) -> list[str]:
    """All that cannot have been, in one calendar and one order of events; nothing, where all is well."""
    return [
        *_strange_answers(history),
        *_overlaps(visits),
        *_promises_broken(history, visits),
        *_slots_without_one_winner(history, slots),
        *_refusals_for_nothing(history, visits),
    ]


def _strange_answers(history: Sequence[Attempt]) -> Iterator[str]:
    for each in history:
        if (each.status, each.code) not in {(200, None), (201, None), (409, "slot_taken")}:
            yield f"{each.way}: answered {each.status} {each.code}"


def _overlaps(visits: Sequence[Visit]) -> Iterator[str]:
    for one, next_ in pairwise(visits):
        if next_.blocked_from < one.blocked_until:
            yield f"{one.id} and {next_.id} meet"


def _promises_broken(history: Sequence[Attempt], visits: Sequence[Visit]) -> Iterator[str]:
    """What was promised is there once, as long as it was to be, and nothing else is in the slots."""
    promised = Counter(span for each in history for span in each.has)
    last = max(end for each in history for _, end in each.wanted)
    found = ((visit.blocked_from, visit.blocked_until) for visit in visits)
    there = Counter(span for span in found if FIRST - 2 * LENGTH <= span[0] < last)
    for span in (promised - there) + (there - promised):
        yield f"{span[0]} to {span[1]}: promised {promised[span]}, there {there[span]}"


def _slots_without_one_winner(history: Sequence[Attempt], slots: int) -> Iterator[str]:
    middles = [datetime.fromisoformat(slot_at(number, MIDDLE)) for number in range(slots)]
    won = [span for each in history if each.is_won for span in each.wanted]
    for number, middle in enumerate(middles):
        winners = [start for start, end in won if start <= middle < end]
        if len(winners) != 1:
            yield f"slot {number}: {len(winners)} winners"


def _refusals_for_nothing(history: Sequence[Attempt], visits: Sequence[Visit]) -> Iterator[str]:
    """Who was refused had somebody in the way, who was let in by a request that had begun: the one that was named."""
    begun = {start: each.began for each in history if each.is_won for start, _ in each.wanted}
    for each in history:
        in_the_way = {
            visit.id
            for visit in visits
            for start, end in each.wanted
            if visit.blocked_from < end and start < visit.blocked_until
            if begun.get(visit.blocked_from, float("inf")) < each.ended
        }
        if each.status == httpx.codes.CONFLICT and not in_the_way:
            yield f"{each.way} of slot {each.slot}: refused, and nobody was in the way"
        by_hold = _may_have_been_held(each, history)
        if each.conflicts_with and each.conflicts_with not in in_the_way and not by_hold:
            yield f"{each.way} of slot {each.slot}: {each.conflicts_with} was not in the way"


def _may_have_been_held(refused: Attempt, history: Sequence[Attempt]) -> bool:
    """A hold is named by an id of its own, which nobody is shown and which is gone when it is booked."""
    return any(
        each.is_won and each.way == "held" and each.slot == refused.slot and each.began < refused.ended
        for each in history
    )
