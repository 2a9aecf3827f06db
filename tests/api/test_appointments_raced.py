"""Attacks C8 118 to 120: whoever comes at the same time, each time is taken once, and by one."""

import asyncio
from collections import Counter
from functools import partial

from domains.shared.permissions import Role
from tests.support.calendars import new_desk
from tests.support.house import House
from tests.support.people import Tenant, new_person
from tests.support.races import patiently, race, slot_at, winners
from tests.support.stories import inspector

SLOTS, RACERS = 12, 20


async def test_each_slot_has_one_winner_and_nobody_else_gets_an_error_of_ours(house: House, tenant: Tenant) -> None:
    desk = await new_desk(house, tenant)
    outcomes = await race(desk, slots=SLOTS, racers=RACERS)
    assert {(each.status, each.code) for each in outcomes} <= {(200, None), (201, None), (409, "slot_taken")}
    async with inspector(house) as admin:
        booked = await admin.fetchval(
            "select count(*) from occupancies where tenant_id = $1 and holder_id = $2::text::uuid",
            tenant.id,
            desk.staff,
        )
    assert booked == SLOTS
    assert set(winners(outcomes)) == set(range(SLOTS))


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
