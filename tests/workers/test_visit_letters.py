"""Letters to who booked online: with the link, and the visit as a calendar takes it; in the reader's language."""

import mailbox
import re
from collections.abc import AsyncIterator
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest

from tests.support.calendars import Desk, new_desk
from tests.support.databases import TestDatabase
from tests.support.days import ELEVEN
from tests.support.house import house_over
from tests.support.people import new_tenant
from tests.support.visitors import book_online

ADA = "ada@example.com"


@pytest.fixture
async def desk(own_database: TestDatabase, tmp_path: Path) -> AsyncIterator[Desk]:
    async with house_over(own_database, tmp_path) as house:
        yield await new_desk(house, await new_tenant(house), bookableOnline=True, bufferAfter=0)


def subjects(desk: Desk, address: str = ADA) -> list[str]:
    """The oldest first."""
    return [mail.subject for mail in reversed(desk.house.mail_to(address))]


def attached(folder: Path) -> list[dict[str, str]]:
    """The lines of the iCalendar documents of all letters, in the order in which they were sent."""
    parse = BytesParser(policy=policy.default).parsebytes
    box = mailbox.Maildir(str(folder / "mail"), create=False)
    letters = [parse(box.get_bytes(key)) for key in sorted(box.keys())]
    parts = [part for letter in letters for part in letter.iter_attachments()]
    assert {(part.get_content_type(), part.get_filename()) for part in parts} == {("text/calendar", "appointment.ics")}
    documents = [part.get_content() for part in parts]
    assert all("BEGIN:VEVENT\r\n" in document for document in documents)
    return [dict(re.findall(r"(UID|SEQUENCE|STATUS):(.*)\r\n", document)) for document in documents]


async def test_who_booked_is_told_of_it_of_its_moving_and_of_its_end(desk: Desk, tmp_path: Path) -> None:
    made = (await book_online(desk)).json()
    await desk.house.follow_up()
    (mail,) = desk.house.mail_to(ADA)
    link = re.search(r"/booking#token=([\w-]+)", mail.text)
    assert link
    assert link[1] == made["token"]
    async with desk.client() as client:
        (visit,) = (await client.get("/appointments")).json()["items"]
        path = f"/appointments/{visit['id']}"
        assert (await client.patch(path, json={"startsAt": ELEVEN})).status_code == 200
        await desk.house.follow_up()
        assert (await client.patch(path, json={"notes": "Nothing that the visitor sees."})).status_code == 200
        assert (await client.delete(path)).status_code == 204
    await desk.house.follow_up()
    name = desk.tenant.slug
    assert subjects(desk) == [
        f"Your appointment with {name} is booked",
        f"Your appointment with {name} has been moved",
        f"Your appointment with {name} is cancelled",
    ]
    events = sorted(attached(tmp_path), key=lambda event: int(event["SEQUENCE"]))
    assert [event["STATUS"] for event in events] == ["TENTATIVE", "TENTATIVE", "CANCELLED"]
    assert [event["SEQUENCE"] for event in events] == ["0", "1", "3"]
    assert len({event["UID"] for event in events}) == 1


async def test_letters_go_where_the_visitor_said_and_in_the_customer_s_language(desk: Desk) -> None:
    async with desk.client() as client:
        known = {"phones": ["+15551230000"], "preferredLanguage": "es"}
        assert (await client.patch(f"/customers/{desk.customer}", json=known)).status_code == 200
    assert (await book_online(desk, phone="+15551230000")).status_code == 201
    await desk.house.follow_up()
    assert subjects(desk) == [f"Su cita con {desk.tenant.slug} está reservada"]
    assert "Ada Lovelace" in desk.house.mail_to(ADA)[0].text
    assert desk.house.mail_to(f"grace@{desk.tenant.slug}.example.com") == []


async def test_what_staff_book_and_what_was_cancelled_at_once_is_not_told(desk: Desk) -> None:
    await desk.booked(startsAt=ELEVEN)
    token = (await book_online(desk)).json()["token"]
    async with desk.house.client() as client:
        assert (await client.delete(f"/public/bookings/{token}")).status_code == 204
    await desk.house.follow_up()
    assert desk.house.mail_to(f"grace@{desk.tenant.slug}.example.com") == []
    assert subjects(desk) == [f"Your appointment with {desk.tenant.slug} is cancelled"]
