"""Passwords and codes cannot be guessed at will, letters not sent at will; who has an account does not show."""

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from domains.shared.ids import new_id
from domains.shared.limits import LimitName, Rate, RateLimits
from tests.support.calendars import new_desk
from tests.support.databases import TestDatabase
from tests.support.days import at
from tests.support.house import House, house_over
from tests.support.people import new_tenant
from tests.support.signed_up import signed_up
from tests.support.visitors import book_online

PASSWORD = "Correct-Horse-7"
BY_ADDRESS = RateLimits(
    {
        LimitName.ACCOUNT_LOGIN: (Rate(5, 900),),
        LimitName.CODE_GUESS: (Rate(20, 3600),),
        LimitName.CODE_MAIL: (Rate(5, 3600),),
    }
)
_hosts = count(1)


@pytest.fixture
async def guarded(database: TestDatabase, tmp_path: Path) -> AsyncIterator[House]:
    """A house with the limits by address; those by network are held against `api.rate_limits` itself."""
    async with house_over(database, tmp_path, limits=BY_ADDRESS) as house:
        yield house


@pytest.fixture
def email() -> str:
    return f"ada-{new_id().hex}@example.com"


def somewhere() -> str:
    number = next(_hosts)
    return f"203.0.{number // 250}.{number % 250 + 1}"


async def post(house: House, path: str, body: dict[str, Any], *, address: str | None = None) -> httpx.Response:
    async with house.client(address=address or somewhere()) as client:
        return await client.post(path, json=body)


async def log_in(house: House, email: str, password: str, *, address: str | None = None) -> httpx.Response:
    return await post(house, "/auth/login", {"email": email, "password": password}, address=address)


async def register(house: House, email: str) -> httpx.Response:
    body = {"tenantName": "Harbor", "email": email, "password": PASSWORD, "displayName": "Ada", "agreeToTerms": True}
    return await post(house, "/auth/register", body)


async def newest_code(house: House, email: str) -> str:
    await house.follow_up()
    found = re.search(r"\b\d{6}\b", house.mail_to(email)[0].text)
    assert found
    return found.group()


async def founded(house: House, email: str) -> None:
    """A registered and confirmed account."""
    assert (await register(house, email)).status_code == 202
    body = {"email": email, "code": await newest_code(house, email)}
    assert (await post(house, "/auth/verify-email", body)).status_code == 200


def said(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    problem = answer.json()
    seconds = problem.pop("retryAfter", None)
    return answer.status_code, {
        **{name: value for name, value in problem.items() if name not in {"requestId", "timestamp"}},
        "has_to_wait": seconds is not None and 0 < seconds <= 3600,
        "says_so": answer.headers.get("retry-after") == str(seconds),
    }


async def test_known_and_unknown_addresses_are_refused_alike(guarded: House, email: str) -> None:
    await founded(guarded, email)
    known = [said(await log_in(guarded, email, "Wrong-Horse-7")) for _ in range(7)]
    unknown = [said(await log_in(guarded, f"not-{email}", "Wrong-Horse-7")) for _ in range(7)]
    assert known == unknown
    assert [status for status, _ in known] == [401] * 5 + [429] * 2
    assert (known[6][1]["code"], known[6][1]["has_to_wait"], known[6][1]["says_so"]) == ("rate_limited", True, True)


async def test_beyond_the_limit_the_right_password_does_not_show(guarded: House, email: str) -> None:
    await founded(guarded, email)
    for _ in range(5):
        await log_in(guarded, email, "Wrong-Horse-7")
    assert said(await log_in(guarded, email, PASSWORD)) == said(await log_in(guarded, email, "Wrong-Horse-7"))


async def test_guesses_at_once_all_count(guarded: House, email: str) -> None:
    await founded(guarded, email)
    answers = await asyncio.gather(*(log_in(guarded, email, f"Wrong-Horse-{number}") for number in range(100)))
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(401) <= 5
    assert set(statuses) <= {401, 429, 503}
    assert 429 in statuses


async def test_nobody_is_locked_out_where_they_logged_in_before(guarded: House, email: str) -> None:
    await founded(guarded, email)
    home = somewhere()
    assert (await log_in(guarded, email, PASSWORD, address=home)).status_code == 200
    strangers = [(await log_in(guarded, email, "Wrong-Horse-7")).status_code for _ in range(6)]
    assert strangers == [401] * 5 + [429]
    assert (await log_in(guarded, email, PASSWORD, address=home)).status_code == 200
    assert (await log_in(guarded, email, PASSWORD)).status_code == 429


async def test_who_logs_in_often_runs_into_nothing(guarded: House, email: str) -> None:
    await founded(guarded, email)
    assert [(await log_in(guarded, email, PASSWORD)).status_code for _ in range(8)] == [200] * 8


async def test_limits_outlive_the_process(guarded: House, database: TestDatabase, tmp_path: Path, email: str) -> None:
    for _ in range(5):
        assert (await log_in(guarded, email, "Wrong-Horse-7")).status_code == 401
    async with house_over(database, tmp_path / "other", limits=BY_ADDRESS) as other:
        assert (await log_in(other, email, "Wrong-Horse-7")).status_code == 429


async def test_twenty_guesses_at_codes_an_hour(guarded: House, email: str) -> None:
    """Whatever new codes are sent for, and for an address that waits for none just the same."""
    statuses = []
    for _ in range(4):
        await register(guarded, email)
        wrong = "000000" if await newest_code(guarded, email) != "000000" else "000001"
        for _ in range(6):
            answer = await post(guarded, "/auth/verify-email", {"email": email, "code": wrong})
            statuses.append((answer.status_code, answer.json()["code"]))
    unknown = []
    for _ in range(24):
        answer = await post(guarded, "/auth/verify-email", {"email": f"not-{email}", "code": "000000"})
        unknown.append((answer.status_code, answer.json()["code"]))
    assert statuses == unknown == [(400, "invalid_code")] * 20 + [(429, "rate_limited")] * 4
    right = await post(guarded, "/auth/verify-email", {"email": email, "code": await newest_code(guarded, email)})
    assert right.status_code == 429


async def test_five_letters_an_hour_and_always_the_same_answer(guarded: House, email: str) -> None:
    answers = [await register(guarded, email) for _ in range(3)]
    answers += [await post(guarded, "/auth/resend-verification", {"email": email}) for _ in range(5)]
    await guarded.follow_up()
    assert {(answer.status_code, answer.text) for answer in answers} == {(202, answers[0].text)}
    assert len(guarded.mail_to(email)) == 5


async def test_without_limits_all_of_it_goes_on(house: House, email: str) -> None:
    assert [(await log_in(house, email, "Wrong-Horse-7")).status_code for _ in range(8)] == [401] * 8


async def test_five_invitations_an_hour_to_one_address_whoever_sends_them(guarded: House, email: str) -> None:
    owners = [await signed_up(guarded) for _ in range(2)]
    answers = []
    for turn in range(4):
        for owner in owners:
            async with guarded.client(owner.token) as client:
                made = await client.post("/admin/invitations", json={"email": email, "role": "member"})
                answers.append(made.status_code)
                if made.status_code == 201 and turn < 3:
                    await client.delete(f"/admin/invitations/{made.json()['id']}")
    assert answers == [201] * 5 + [429] * 3
    async with guarded.client(owners[0].token) as client:
        last = (await client.get("/admin/invitations", params={"status": "pending"})).json()["items"]
        other = await client.post("/admin/invitations", json={"email": f"other-{email}", "role": "member"})
        again = [(await client.post(f"/admin/invitations/{other.json()['id']}/resend")).status_code for _ in range(5)]
    assert (last, other.status_code, again) == ([], 201, [200] * 4 + [429])
    await guarded.follow_up()
    assert len(guarded.mail_to(email)) <= 5


async def test_five_letters_an_hour_to_one_address_about_visits_that_strangers_book(guarded: House, email: str) -> None:
    desk = await new_desk(guarded, await new_tenant(guarded), bookableOnline=True)
    for hour in (9, 11, 13):
        booked = await book_online(desk, email=email, startsAt=at(f"{hour:02}:00"))
        assert booked.status_code == 201, booked.text
        await guarded.follow_up()
        async with guarded.client(address=somewhere()) as client:
            path = f"/public/bookings/{booked.json()['token']}"
            assert (await client.patch(path, json={"startsAt": at("10:00", day=1)})).status_code == 200
            await guarded.follow_up()
            assert (await client.delete(path)).status_code == 204
            await guarded.follow_up()
    assert len(guarded.mail_to(email)) == 5
    other = f"not-{email}"
    assert (await book_online(desk, email=other)).status_code == 201
    await guarded.follow_up()
    assert len(guarded.mail_to(other)) == 1
