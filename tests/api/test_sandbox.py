"""The sandbox's mail, and that production has none."""

from datetime import datetime

import httpx
import pytest

from api.edge import EdgeSettings
from frontdesk.asgi import application
from tests.support.house import House
from tests.support.registrations import an_address, registered


def root(house: House) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=house.app), base_url="http://testserver")  # type: ignore[arg-type]  # Litestar types ASGI more narrowly than httpx


async def test_mail_is_shown_newest_first_and_by_its_receiver(house: House) -> None:
    email, other = an_address(), an_address()
    codes = [await registered(house, email), await registered(house, email)]
    await registered(house, other)
    async with root(house) as client:
        answer = await client.get("/sandbox/mail", params={"to": email.upper()})
        newest = (await client.get("/sandbox/mail", params={"limit": 1})).json()["items"]
    mails = answer.json()["items"]
    assert [mail["to"] for mail in mails] == [[email], [email]]
    assert [sorted(mail) for mail in mails] == [["html", "sentAt", "subject", "text", "to"]] * 2
    assert codes[1] in mails[0]["text"]
    assert codes[0] in mails[1]["text"]
    assert datetime.fromisoformat(mails[0]["sentAt"]) >= datetime.fromisoformat(mails[1]["sentAt"])
    assert [mail["to"] for mail in newest] == [[other]]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "to=x", "from=a@example.com", "to=a@b.com&to=c@d.com"])
async def test_a_bad_question_is_refused(house: House, query: str) -> None:
    async with root(house) as client:
        answer = await client.get(f"/sandbox/mail?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "validation_error")


async def test_an_application_without_a_sandbox_has_no_such_address(house: House) -> None:
    app = application(house.container, EdgeSettings(version="1"), with_sandbox=False)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # Litestar types ASGI more narrowly than httpx
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        for path in ("/sandbox/mail", "/api/v1/sandbox/mail"):
            assert (await client.get(path)).status_code == 404
    async with root(house) as client:
        assert (await client.get("/sandbox/mail")).status_code == 200
