"""Those who wait for a time of a business, which has one hour on one day."""

import re
from typing import Any

from tests.support.calendars import Desk
from tests.support.days import TEN, at, on

DAYS = {"fromAt": at("00:00"), "untilAt": at("00:00", day=1)}
BOB = {"name": "Bob", "email": "bob@example.com"}
_ONLY = {"opens": "10:00", "closes": "11:00"}


async def the_only_hour(desk: Desk) -> None:
    """Have nobody work but then."""
    async with desk.client() as client:
        day = {"exceptions": [{"date": on(0), "periods": [_ONLY]}]}
        assert (await client.put(f"/staff/{desk.staff}/hours", json=day)).status_code == 200


async def taken(desk: Desk) -> str:
    """Have somebody booked in that hour."""
    return str((await desk.booked(startsAt=TEN))["id"])


async def cancel(desk: Desk, visit: str) -> None:
    """Cancel a visit, and have what follows done."""
    async with desk.client() as client:
        assert (await client.delete(f"/appointments/{visit}")).status_code == 204
    await desk.house.follow_up()


async def place(desk: Desk, token: str) -> dict[str, Any]:
    """What who waits is shown."""
    async with desk.house.client() as client:
        answer = await client.get(f"/public/waiting-list/{token}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def mailed_token(desk: Desk, address: str) -> str:
    """Of the newest letter."""
    found = re.search(r"#token=([\w-]+)", desk.house.mail_to(address)[0].text)
    assert found
    return found[1]
