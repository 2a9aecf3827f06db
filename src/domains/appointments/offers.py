"""Offers: a service, those who can carry it out, and the times at which they could begin."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import itemgetter
from uuid import UUID

import msgspec

from domains.appointments.availability import (
    Explained,
    Needs,
    Person,
    Reason,
    Visit,
    explained,
    reason_against,
    starts,
)
from domains.appointments.errors import OutsideHours, SlotTaken
from domains.appointments.spans import Span

_IS_TAKEN = frozenset({Reason.BUSY, Reason.BUSY_ELSEWHERE, Reason.NO_RESOURCE})


class Offer(msgspec.Struct, frozen=True):
    """A service under a policy, those who carry it out, and what it needs beside them."""

    visit: Visit
    people: Sequence[Person]
    needs: Needs

    def times(self, bounds: Span) -> Iterator[tuple[datetime, list[UUID]]]:
        """When the visit can begin within `bounds`, in order, and with whom. It is worked out as it is asked for."""
        for start, found in groupby(merge(*map(self._of, self.people, [bounds] * len(self.people))), itemgetter(0)):
            yield start, [person for _, person in found]

    def explained(self, bounds: Span) -> Iterator[Explained]:
        """Why it cannot begin in the rest of `bounds`, person by person."""
        for person in self.people:
            yield from explained(person, self.needs, self.visit, bounds)
        if not self.people:
            yield Explained(None, bounds, Reason.NOBODY)

    def chosen(self, start: datetime) -> UUID:
        """Whoever has the least to do of those who can begin at `start`.

        Raises `SlotTaken` where somebody could but for what is booked, else `OutsideHours`.
        """
        moment = Span(start, start + timedelta(milliseconds=1))
        able = [each for each in self.people if start in starts(each, self.needs, self.visit, moment)]
        if able:
            return min(able, key=lambda each: (len(each.busy.all), each.id)).id
        if any(reason_against(each, self.needs, self.visit, start) in _IS_TAKEN for each in self.people):
            raise SlotTaken("This time has been taken.")
        raise OutsideHours("This time is not offered.")

    def _of(self, person: Person, bounds: Span) -> Iterator[tuple[datetime, UUID]]:
        return ((start, person.id) for start in starts(person, self.needs, self.visit, bounds))
