"""Attacks C8 118 to 120: whoever comes at the same time, each time is taken once, and by one."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from functools import partial

import pytest

from domains.shared.permissions import Role
from tests.support.calendars import new_desk
from tests.support.house import House
from tests.support.people import Tenant, new_person
from tests.support.race_history import Visit, calendar_after, faults_of
from tests.support.races import Attempt, patiently, race, slot_at

SLOTS = 12


async def test_each_slot_has_one_winner_and_nobody_else_gets_an_error_of_ours(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant, bookableOnline=True)
    history = await race(desk, slots=SLOTS)
    assert len(history) == SLOTS * 21
    assert faults_of(history, await calendar_after(desk), slots=SLOTS) == []


SLOT = datetime.fromisoformat(slot_at(0))
HOUR = timedelta(hours=1)


def an_attempt(status: int, *, minutes: int = 0, began: float = 0.0, conflicts_with: str | None = None) -> Attempt:
    start = SLOT + timedelta(minutes=minutes)
    return Attempt(
        way="staff", slot=0, wanted=[(start, start + HOUR)], began=began, ended=began + 1,
        status=status, code=None if status == 201 else "slot_taken", conflicts_with=conflicts_with,
    )  # fmt: skip


def a_visit(name: str, minutes: int = 0) -> Visit:
    start = SLOT + timedelta(minutes=minutes)
    return Visit(name, start, start + HOUR, start, start + HOUR)


@pytest.mark.parametrize(
    ("history", "visits", "fault"),
    [
        ([an_attempt(201), an_attempt(409, conflicts_with="a")], [a_visit("a")], None),
        ([an_attempt(201), an_attempt(500)], [a_visit("a")], "answered 500"),
        ([an_attempt(201)], [], "promised 1, there 0"),
        ([an_attempt(201), an_attempt(201)], [a_visit("a"), a_visit("b")], "a and b meet"),
        ([an_attempt(201)], [a_visit("a"), a_visit("b", 70)], "promised 0, there 1"),
        ([an_attempt(409)], [], "slot 0: 0 winners"),
        ([an_attempt(201), an_attempt(409, conflicts_with="b")], [a_visit("a")], "b was not in the way"),
        ([an_attempt(201, began=5.0), an_attempt(409)], [a_visit("a")], "nobody was in the way"),
    ],
)
def test_a_history_that_cannot_have_been_is_seen(
    history: list[Attempt], visits: list[Visit], fault: str | None
) -> None:
    far = an_attempt(409, minutes=200)
    far.status, far.code = 201, None
    last = a_visit("last", 200)
    found = faults_of([*history, far], [*visits, last], slots=1)
    assert any(fault in each for each in found) if fault else found == []


async def test_rooms_and_people_are_taken_together_or_not_at_all(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant, resourceKinds=["room", "van"])
    people = [desk.staff, *[str((await new_person(house, tenant, Role.STAFF)).user) for _ in range(4)]]
    async with desk.client() as client:
        await client.patch(f"/services/{desk.service}", json={"staffIds": people})
        for name, kind in (("Room 1", "room"), ("Room 2", "room"), ("Van 1", "van"), ("Van 2", "van")):
            assert (await client.post("/resources", json={"name": name, "kind": kind})).status_code == 201
    orders = [{"staffId": None} if at % 2 else {"staffId": people[at % 5]} for at in range(20)]
    ways = [partial(desk.book, startsAt=slot_at(0), **order) for order in orders]
    answers = await asyncio.gather(*map(patiently, ways))
    assert Counter(answer.status_code for answer in answers) == {201: 2, 409: 18}
    made = [answer.json() for answer in answers if answer.status_code == 201]
    assert len({each["staffId"] for each in made}) == 2
    assert len({resource for each in made for resource in each["resourceIds"]}) == 4


async def test_a_visit_that_is_moved_and_ended_at_once_has_one_history(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant)
    for _ in range(5):
        made = await desk.booked(startsAt=slot_at(0))
        async with desk.client() as client:
            path = f"/appointments/{made['id']}"
            answers = await asyncio.gather(
                client.patch(path, json={"startsAt": slot_at(1)}),
                client.delete(path),
                client.patch(f"{path}/status", json={"status": "completed"}),
                client.patch(f"{path}/status", json={"status": "no_show"}),
                client.patch(path, json={"startsAt": slot_at(2)}, headers={"If-Match": '"1"'}),
            )
            found = (await client.get(path)).json()
        ends = [answer for answer in answers[1:4] if answer.is_success]
        assert len(ends) == 1
        assert {answer.status_code for answer in answers if not answer.is_success} <= {412, 422}
        assert found["status"] in {"cancelled", "completed", "no_show"}
