"""Changing and resetting passwords over HTTP. Attacks 55, 57 and 58."""

import asyncio
import unicodedata
from typing import Any

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from domains.shared.ids import new_id
from tests.support.house import CHEAP, House
from tests.support.registrations import PASSWORD, an_address, an_order, log_in, registered
from tests.support.sameness import told
from tests.support.signed_up import (
    NEW_PASSWORD,
    again,
    is_live,
    mailed_token,
    post,
    signed_up,
    subjects,
)
from tests.support.stories import inspector

RESET = "reset-password"


async def change(house: House, token: str, **fields: str) -> Any:
    body = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD, **fields}
    return await post(house, "/auth/change-password", body, token)


async def asked(house: House, email: str) -> str:
    """Ask for a reset: the mailed token."""
    answer = await post(house, "/auth/forgot-password", {"email": email})
    assert (answer.status_code, answer.json()) == (202, {"accepted": True})
    return await mailed_token(house, email, RESET)


async def reset(house: House, token: str, password: str = NEW_PASSWORD) -> Any:
    return await post(house, "/auth/reset-password", {"token": token, "newPassword": password})


async def test_a_changed_password_ends_the_other_sessions(house: House) -> None:
    person = await signed_up(house)
    other = await again(house, person.email)
    assert (await change(house, person.token)).status_code == 204
    assert (await is_live(house, person.token), await is_live(house, other)) == (True, False)
    assert (await log_in(house, person.email)).status_code == 401
    assert (await log_in(house, person.email, NEW_PASSWORD)).status_code == 200
    await house.follow_up()
    assert subjects(house, person.email)[0] == "Your Frontdesk password was changed"


async def test_a_change_needs_the_present_password(house: House) -> None:
    person = await signed_up(house)
    refused = await change(house, person.token, currentPassword="Wrong-Horse-7")
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_credentials")
    assert refused.json()["detail"] == "The present password is wrong."
    assert (await log_in(house, person.email)).status_code == 200
    async with inspector(house) as admin:
        noted = await admin.fetch("select action from audit_log where subject_id = $1", person.user["id"])
    assert "password.change_refused" in {row["action"] for row in noted}
    assert (await change(house, person.token)).status_code == 204


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("Abcde-7", "too_short"),
        ("P@ssw0rd2026!", "too_common"),
        ("Qwerty123456", "too_common"),
        ("Frontdesk1", "too_common"),
        (PASSWORD, "unchanged"),
        ("x" * 129, "too_long"),
    ],
)
async def test_a_weak_password_is_refused_wherever_one_is_chosen(house: House, password: str, code: str) -> None:
    person = await signed_up(house)
    answers = [await change(house, person.token, newPassword=password)]
    if code != "unchanged":
        token = await asked(house, person.email)
        answers.append(await reset(house, token, password))
        answers.append(await post(house, "/auth/register", an_order(an_address(), password=password)))
    assert [answer.status_code for answer in answers] == [400] * len(answers)
    assert {error["code"] for answer in answers for error in answer.json()["errors"]} == {code}
    assert (await change(house, person.token)).status_code == 204


@pytest.mark.parametrize("password", ["A7" + "b" * 62, "A7" + "é" * 126, "  Spaces kept 7  "])
async def test_a_long_password_counts_to_its_end(house: House, password: str) -> None:
    person = await signed_up(house)
    assert (await change(house, person.token, newPassword=password)).status_code == 204
    assert (await log_in(house, person.email, password[:-1])).status_code == 401
    assert (await log_in(house, person.email, password)).status_code == 200


async def test_an_accent_may_be_typed_either_way(house: House) -> None:
    person = await signed_up(house)
    composed, decomposed = (unicodedata.normalize(form, "Ünïcödé-Horse-7") for form in ("NFC", "NFD"))
    assert (await change(house, person.token, newPassword=decomposed)).status_code == 204
    assert (await log_in(house, person.email, composed)).status_code == 200


async def test_a_password_may_not_be_made_of_ones_own_name(house: House) -> None:
    order = {"displayName": "Ada Byron", "tenantName": "Harbor Plumbing"}
    for password in ("Byron1815", "Harbor2026!"):
        refused = await post(house, "/auth/register", an_order(an_address(), password=password, **order))
        assert [error["code"] for error in refused.json()["errors"]] == ["too_common"]
    fine = await post(house, "/auth/register", an_order(an_address(), password="Byron-Harbor-1815", **order))
    assert fine.status_code == 202


async def test_a_mailed_link_resets_the_password_once(house: House) -> None:
    person = await signed_up(house)
    token = await asked(house, person.email)
    assert (await reset(house, token)).status_code == 204
    assert not await is_live(house, person.token)
    assert (await log_in(house, person.email, NEW_PASSWORD)).status_code == 200
    used = await reset(house, token, "Third-Horse-9")
    assert (used.status_code, used.json()["code"]) == (400, "invalid_token")
    await house.follow_up()
    assert subjects(house, person.email)[0] == "Your Frontdesk password was changed"


async def test_a_token_counts_once_however_often_it_comes_at_once(house: House) -> None:
    person = await signed_up(house)
    token = await asked(house, person.email)
    answers = await asyncio.gather(*(reset(house, token, f"Horse-Number-{number}") for number in range(6)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 400, 503}


async def test_only_the_newest_token_is_good_and_a_change_kills_it(house: House) -> None:
    person = await signed_up(house)
    first, second = await asked(house, person.email), await asked(house, person.email)
    assert (await reset(house, first)).json()["code"] == "invalid_token"
    assert (await change(house, person.token)).status_code == 204
    assert (await reset(house, second, "Third-Horse-9")).json()["code"] == "invalid_token"
    assert (await reset(house, await asked(house, person.email), "Third-Horse-9")).status_code == 204


@pytest.mark.parametrize(("age", "status"), [("59 minutes", 204), ("61 minutes", 400)])
async def test_a_token_lives_an_hour(house: House, age: str, status: int) -> None:
    person = await signed_up(house)
    token = await asked(house, person.email)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.password_resets r set expires_at = expires_at - $2::text::interval"
            " from directory.accounts a where a.id = r.account_id and a.email = $1",
            person.email,
            age,
        )
    assert (await reset(house, token)).status_code == status


async def test_no_header_of_a_request_comes_into_the_link(house: House) -> None:
    person = await signed_up(house)
    evil = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    async with house.client() as client:
        answer = await client.post("/auth/forgot-password", json={"email": person.email}, headers=evil)
    assert answer.status_code == 202
    assert await mailed_token(house, person.email, RESET)
    [mail] = [mail for mail in house.mail_to(person.email) if "new password" in mail.subject]
    assert "evil" not in mail.text + mail.html
    assert "http://localhost:8000/reset-password#token=" in mail.text


async def test_no_token_rests_in_the_database(house: House) -> None:
    person = await signed_up(house)
    token = await asked(house, person.email)
    async with inspector(house) as admin:
        digests = await admin.fetch("select digest from directory.password_resets")
        events = await admin.fetch("select data::text from events where type = 'account.reset_wanted'")
    assert token.encode() not in b"".join(row["digest"] for row in digests)
    assert {row["data"] for row in events} == {"{}"}


async def test_known_unknown_and_waiting_addresses_are_answered_alike(house: House) -> None:
    person, waiting, unknown = await signed_up(house), an_address(), an_address()
    await registered(house, waiting)
    mails = len(house.mail_to(waiting))
    answers = [await post(house, "/auth/forgot-password", {"email": each}) for each in (person.email, waiting, unknown)]
    await house.follow_up()
    assert [told(answer) for answer in answers] == [told(answers[0])] * 3
    assert (len(house.mail_to(waiting)), len(house.mail_to(unknown))) == (mails, 0)
    assert "new password" in subjects(house, person.email)[0]


async def test_whatever_is_wrong_with_a_token_is_told_alike(house: House) -> None:
    person = await signed_up(house)
    used = await asked(house, person.email)
    assert (await reset(house, used)).status_code == 204
    answers = [await reset(house, token, "Third-Horse-9") for token in (used, "x" * 43, new_id().hex + "y" * 11)]
    assert [told(answer) for answer in answers] == [told(answers[0])] * 3
    assert (await reset(house, "too short")).json()["errors"][0]["field"] == "token"


@pytest.mark.parametrize(
    ("old", "is_accepted"),
    [
        (BcryptHasher(rounds=10), True),
        (BcryptHasher(rounds=4), False),
        (Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1), True),
    ],
)
async def test_a_hash_of_older_days_is_made_anew_at_login(house: House, old: Any, is_accepted: bool) -> None:
    person = await signed_up(house)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.accounts set password_hash = $2 where email = $1", person.email, old.hash(PASSWORD)
        )
        answer = await log_in(house, person.email)
        kept = await admin.fetchval("select password_hash from directory.accounts where email = $1", person.email)
    assert (answer.status_code == 200) is is_accepted
    assert kept.startswith(f"$argon2id$v=19$m={CHEAP.memory_kib},t={CHEAP.passes},p=1$") is is_accepted
    assert (await log_in(house, person.email)).status_code == answer.status_code
