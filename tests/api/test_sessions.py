"""Refresh tokens, the list of sessions, and their end. Attacks C3 47 to 49 and 53."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.people import Tenant
from tests.support.signing_in import Answer, audited, backdated, logged_in, newcomer, refresh, status_of
from tests.support.soon import becomes
from tests.support.stories import inspector

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


async def session_row(house: House, answer: Answer) -> Answer:
    """The newest session of the person who has just signed in."""
    async with inspector(house) as admin:
        row = await admin.fetchrow(
            "select s.*, s.expires_at - now() as left, s.ends_at - now() as longest from directory.sessions s"
            " join directory.memberships m using (account_id, tenant_id)"
            " where m.user_id = $1 order by s.created_at desc limit 1",
            UUID(answer["user"]["id"]),
        )
    assert row is not None
    return dict(row)


async def test_a_login_brings_a_refresh_token_that_is_stored_as_a_digest(house: House) -> None:
    _, first = await newcomer(house)
    assert first["refreshToken"].startswith("fd_refresh_")
    assert len(first["refreshToken"].removeprefix("fd_refresh_")) == 43
    async with inspector(house) as admin:
        stored = await admin.fetch("select * from directory.refresh_tokens")
    assert len(stored) > 0
    assert all(first["refreshToken"] not in str(dict(row)) for row in stored)


@pytest.mark.parametrize(("remember", "days"), [(False, 1), (True, 30)])
async def test_a_session_lasts_as_long_as_asked_for(house: House, remember: bool, days: int) -> None:
    email, _ = await newcomer(house)
    row = await session_row(house, await logged_in(house, email, rememberMe=remember))
    assert timedelta(days=days) - row["left"] < timedelta(minutes=1)
    assert timedelta(days=90) - row["longest"] < timedelta(minutes=1)


async def test_a_refresh_gives_a_new_pair_of_the_same_session(house: House) -> None:
    _, first = await newcomer(house)
    answer = await refresh(house, first["refreshToken"])
    second = answer.json()
    assert answer.status_code == 200, answer.text
    assert sorted(second) == ["accessToken", "expiresIn", "refreshToken", "tokenType"]
    assert (second["expiresIn"], second["tokenType"]) == (3600, "Bearer")
    assert second["refreshToken"] != first["refreshToken"]
    for token in (first["accessToken"], second["accessToken"]):
        async with house.client(token) as client:
            found = (await client.get("/auth/sessions")).json()["items"]
        assert [each["current"] for each in found] == [True]
    third = await refresh(house, second["refreshToken"])
    assert third.status_code == 200
    assert await audited(house, first) == [
        "registration.confirmed",
        "login.succeeded",
        "refresh.rotated",
        "refresh.rotated",
    ]


async def test_a_refresh_carries_the_session_on_but_not_beyond_its_end(house: House) -> None:
    _, first = await newcomer(house)
    row = await session_row(house, first)
    async with inspector(house) as admin:
        for end, expected in (("90 days", timedelta(hours=24)), ("2 hours", timedelta(hours=2))):
            await admin.execute(
                "update directory.sessions set expires_at = now() + interval '1 hour',"
                " ends_at = now() + cast($2::text as interval) where id = $1",
                row["id"],
                end,
            )
            first = (await refresh(house, first["refreshToken"])).json() | {"user": first["user"]}
            left = (await session_row(house, first))["left"]
            assert expected - left < timedelta(minutes=1)
            assert left <= expected


async def test_fifty_refreshes_at_once_give_one_pair_and_log_nobody_out(house: House) -> None:
    _, first = await newcomer(house)
    answers = await asyncio.gather(*(refresh(house, first["refreshToken"]) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    pairs = {(answer.json()["accessToken"], answer.json()["refreshToken"]) for answer in answers}
    assert len(pairs) == 1
    ((access, token),) = pairs
    assert await status_of(house, access) == 200
    assert (await refresh(house, token)).status_code == 200
    noted = await audited(house, first)
    assert (noted.count("refresh.rotated"), noted.count("refresh.repeated")) == (2, 49)


async def test_an_answer_that_was_lost_can_be_asked_for_again_for_ten_seconds(house: House) -> None:
    _, first = await newcomer(house)
    lost = await refresh(house, first["refreshToken"])
    await backdated(house, seconds=8)
    again = await refresh(house, first["refreshToken"])
    assert again.json() == lost.json()
    await backdated(house, seconds=3)
    refused = await refresh(house, first["refreshToken"])
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_token")


async def test_a_used_token_kills_its_family(house: House) -> None:
    email, first = await newcomer(house)
    bystander = await logged_in(house, email)
    second = (await refresh(house, first["refreshToken"])).json()
    await backdated(house, seconds=11)
    stolen = await refresh(house, first["refreshToken"])
    assert (stolen.status_code, stolen.json()["code"]) == (400, "invalid_token")
    assert (await refresh(house, second["refreshToken"])).status_code == 400
    for token in (first["accessToken"], second["accessToken"]):
        assert await status_of(house, token) == 401
    assert "refresh.reused" in await audited(house, first)
    assert await status_of(house, bystander["accessToken"]) == 200
    assert (await refresh(house, bystander["refreshToken"])).status_code == 200


async def test_a_token_whose_successor_was_used_kills_its_family_at_once(house: House) -> None:
    _, first = await newcomer(house)
    second = (await refresh(house, first["refreshToken"])).json()
    third = (await refresh(house, second["refreshToken"])).json()
    assert (await refresh(house, first["refreshToken"])).status_code == 400
    assert await status_of(house, third["accessToken"]) == 401
    assert (await refresh(house, third["refreshToken"])).status_code == 400


async def test_no_token_is_good_for_another_purpose(house: House) -> None:
    _, first = await newcomer(house)
    assert await status_of(house, first["refreshToken"]) == 401
    for wrong in (first["accessToken"], "fd_refresh_", "x", first["refreshToken"] + "x"):
        assert (await refresh(house, wrong)).status_code == 400
    assert await status_of(house, first["accessToken"]) == 200
    assert (await refresh(house, first["refreshToken"])).status_code == 200


async def test_a_refused_refresh_is_a_security_event(house: House) -> None:
    wrong, headers = f"fd_refresh_{new_id()}", {"X-Request-Id": f"request-{new_id()}"}
    async with house.client() as client:
        await client.post("/auth/refresh", json={"refreshToken": wrong}, headers=headers)
    async with inspector(house) as admin:
        rows = await admin.fetch(
            "select * from directory.security_events where request_id = $1", headers["X-Request-Id"]
        )
    assert [(row["action"], row["address"]) for row in rows] == [("refresh.refused", None)]
    assert wrong not in str([dict(row) for row in rows])


async def test_sessions_are_listed_with_device_and_place(house: House) -> None:
    email, first = await newcomer(house)
    second = await logged_in(house, email, agent=FIREFOX)
    async with house.client(second["accessToken"]) as client:
        found = (await client.get("/auth/sessions")).json()
    assert found["nextCursor"] is None
    newest, oldest = found["items"]
    assert (newest["current"], oldest["current"]) == (True, False)
    assert (newest["device"], newest["ip"], newest["agent"]) == ("Firefox on Windows", "127.0.0.1", FIREFOX)
    assert newest["tenant"] == {key: first["tenant"][key] for key in ("id", "slug", "name")}
    assert datetime.fromisoformat(newest["createdAt"]) <= datetime.fromisoformat(newest["expiresAt"])


async def test_a_session_is_ended_by_its_person_and_nobody_else(house: House, tenant: Tenant) -> None:
    email, first = await newcomer(house)
    second = await logged_in(house, email)
    async with house.client(second["accessToken"]) as client:
        other = next(each["id"] for each in (await client.get("/auth/sessions")).json()["items"] if not each["current"])
        async with house.client(tenant.owner.token) as stranger:
            assert (await stranger.delete(f"/auth/sessions/{other}")).status_code == 404
        assert await status_of(house, first["accessToken"]) == 200
        assert (await client.delete(f"/auth/sessions/{other}")).status_code == 204
        assert await status_of(house, first["accessToken"]) == 401
        assert (await refresh(house, first["refreshToken"])).status_code == 400
        assert (await client.delete(f"/auth/sessions/{other}")).status_code == 404
        assert (await client.get("/auth/me")).status_code == 200
    assert "session.ended" in await audited(house, first)


@pytest.mark.parametrize("everywhere", [False, True])
async def test_whoever_logs_out_is_out_at_once(house: House, everywhere: bool) -> None:
    email, first = await newcomer(house)
    second = await logged_in(house, email)
    async with house.client(second["accessToken"]) as client:
        assert (await client.get("/auth/me")).status_code == 200
        answer = await client.post("/auth/logout", params={"all": "true"} if everywhere else {})
        assert (answer.status_code, answer.content) == (204, b"")
        assert (await client.get("/auth/me")).status_code == 401
    assert (await refresh(house, second["refreshToken"])).status_code == 400
    assert await status_of(house, first["accessToken"]) == (401 if everywhere else 200)
    assert (await refresh(house, first["refreshToken"])).status_code == (400 if everywhere else 200)
    assert ("session.all_ended" if everywhere else "session.logged_out") in await audited(house, first)


async def test_one_login_too_many_ends_the_session_used_longest_ago(house: House) -> None:
    email, first = await newcomer(house)
    second = await logged_in(house, email)
    first = (await refresh(house, first["refreshToken"])).json()
    for _ in range(18):
        await logged_in(house, email)
    assert await status_of(house, second["accessToken"]) == 200
    last = await logged_in(house, email)
    await becomes(401, lambda: status_of(house, second["accessToken"]))
    assert await status_of(house, first["accessToken"]) == 200
    async with house.client(last["accessToken"]) as client:
        assert len((await client.get("/auth/sessions")).json()["items"]) == 20


async def test_what_has_run_out_is_cleared_by_later_logins(house: House) -> None:
    email, first = await newcomer(house)
    row = await session_row(house, first)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.sessions set expires_at = now() - interval '1 hour' where id = $1", row["id"]
        )
    assert (await refresh(house, first["refreshToken"])).status_code == 400
    await logged_in(house, email)
    async with inspector(house) as admin:
        assert await admin.fetchval("select count(*) from directory.sessions where expires_at <= now()") == 0
        assert (
            await admin.fetchval("select count(*) from directory.refresh_tokens where session_id = $1", row["id"]) == 0
        )
