"""Registering over HTTP: what is taken, what is refused, and that nobody learns who has an account."""

from typing import Any

import pytest

from tests.support.house import CHEAP, House
from tests.support.registrations import (
    PASSWORD,
    an_address,
    an_order,
    log_in,
    mailed_code,
    registered,
    verified,
    verify,
)
from tests.support.sameness import told
from tests.support.stories import inspector


async def test_a_business_registers_and_its_owner_logs_in(house: House) -> None:
    email = an_address()
    code = await registered(house, email.upper().replace("EXAMPLE", "Example"))
    early = await log_in(house, email)
    assert (early.status_code, early.json()["code"]) == (401, "email_not_verified")
    confirmed = await verify(house, email, code)
    assert confirmed.status_code == 200, confirmed.text
    signed_in = (await log_in(house, email)).json()
    assert {**signed_in["user"], "lastSeenAt": None} == {**confirmed.json()["user"], "lastSeenAt": None}
    assert signed_in["user"]["lastSeenAt"] > confirmed.json()["user"]["lastSeenAt"]
    async with house.client(signed_in["accessToken"]) as client:
        me = await client.get("/auth/me")
    assert me.json() == {
        "user": signed_in["user"],
        "tenant": signed_in["tenant"],
        "tenants": signed_in["tenants"],
        "twoFactor": {"enabled": False, "methods": [], "recoveryCodesLeft": 0},
    }


SAID_AND_UNSAID: dict[str, object] = {
    "displayName": "Grace Hopper",
    "firstName": "Grace",
    "lastName": None,
    "role": "owner",
    "memberType": None,
    "memberSince": None,
    "company": "Söhne",
    "title": None,
    "phone": "+12125550101",
    "address": None,
    "location": None,
    "bio": None,
    "website": None,
    "linkedin": None,
    "skills": [],
    "certifications": [],
    "avatarUrl": None,
    "status": "offline",
    "statusMessage": None,
    "preferences": {"notifications": True, "soundEnabled": True},
    "notificationPreferences": {"email": True, "sms": True, "push": True},
    "isActive": True,
    "preferredLanguage": "de",
    "timezone": "Europe/Berlin",
    "emailVerified": True,
    "version": 1,
}
"""What the API shows of somebody who told this much at registration, less ids, names and times."""


async def test_the_answer_to_a_code_is_a_login(house: House) -> None:
    email = an_address()
    answer = await verified(
        house,
        email,
        tenantName="Ärzte & Söhne",
        phone="+1 (212) 555-0101",
        timezone="Europe/Berlin",
        currency="EUR",
        preferredLanguage="de",
        company="Söhne",
        firstName=" Grace ",
        title=" ",
    )
    user, tenant = answer["user"], answer["tenant"]
    assert sorted(answer) == ["accessToken", "expiresIn", "refreshToken", "tenant", "tenants", "tokenType", "user"]
    assert (answer["tokenType"], answer["expiresIn"]) == ("Bearer", 3600)
    assert user == {
        **SAID_AND_UNSAID,
        "id": user["id"],
        "email": email,
        "username": email.partition("@")[0][:32],
        "lastSeenAt": user["lastSeenAt"],
        "createdAt": user["createdAt"],
        "updatedAt": user["createdAt"],
    }
    assert tenant["slug"].startswith("arzte-sohne")
    assert [tenant[name] for name in ("timezone", "currency", "locale")] == ["Europe/Berlin", "EUR", "de"]
    assert answer["tenants"] == [{"id": tenant["id"], "slug": tenant["slug"], "name": "Ärzte & Söhne", "role": "owner"}]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"agreeToTerms": False}, "agreeToTerms"),
    ({"agreeToTerms": "true"}, "agreeToTerms"),
    ({"agreeToTerms": 1}, "agreeToTerms"),
    ({"email": "nobody"}, "email"),
    ({"email": "=?utf-8?q?a=0ABcc=3Ab=40example.com?=@example.com"}, "email"),
    ({"password": "short1A"}, "password"),
    ({"password": "x" * 129}, "password"),
    ({"password": "Correct-Horse-7" * 70_000}, "password"),
    ({"tenantName": "  "}, "tenantName"),
    ({"tenantName": "Harbor\r\nBcc: all@example.com"}, "tenantName"),
    ({"displayName": "Grace\u2028Hopper"}, "displayName"),
    ({"displayName": "x"}, "displayName"),
    ({"username": "Grace Hopper"}, "username"),
    ({"phone": "555"}, "phone"),
    ({"timezone": "Mars/Base"}, "timezone"),
    ({"currency": "XXZ"}, "currency"),
    ({"preferredLanguage": "english!"}, "preferredLanguage"),
    ({"role": "owner"}, "role"),
    ({"emailVerified": True}, "emailVerified"),
    ({"tenant_name": "x"}, "tenant_name"),
]


@pytest.mark.parametrize(("fields", "field"), BAD, ids=[str(index) for index in range(len(BAD))])
async def test_a_bad_registration_is_refused_and_stores_nothing(
    house: House, fields: dict[str, Any], field: str
) -> None:
    email = an_address()
    async with house.client() as client:
        answer = await client.post("/auth/register", json={**an_order(email), **fields})
        missing = await client.post("/auth/register", json={"email": email})
        nameless = await client.post("/auth/register", json={**an_order(email), "tenantName": None})
    assert answer.status_code in {400, 413}, answer.text
    if answer.status_code == 400:
        assert {error["field"] for error in answer.json()["errors"]} == {field}
        assert str(fields.get("password", "\x00")) not in answer.text
    assert {error["field"] for error in missing.json()["errors"]} == {
        "password", "displayName", "agreeToTerms",
    }  # fmt: skip
    assert [error["field"] for error in nameless.json()["errors"]] == ["tenantName"]
    async with inspector(house) as admin:
        assert not await admin.fetchval("select count(*) from directory.registrations where email = $1", email)


@pytest.mark.parametrize("password", ["Correct-Horse-7 ", " Ünïcödé 7 A", "A1" + "b" * 62, "A1" + "b" * 126])
async def test_a_password_is_kept_as_it_was_typed(house: House, password: str) -> None:
    email = an_address()
    await verified(house, email, password=password)
    assert (await log_in(house, email, password)).status_code == 200
    assert (await log_in(house, email, password[:-1])).status_code == 401


async def test_a_password_is_kept_as_argon2id_and_nothing_of_it_is_elsewhere(house: House) -> None:
    email = an_address()
    await verified(house, email)
    async with inspector(house) as admin:
        kept = await admin.fetchval("select password_hash from directory.accounts where email = $1", email)
    assert kept.startswith(f"$argon2id$v=19$m={CHEAP.memory_kib},t={CHEAP.passes},p=1$")


async def test_a_known_address_gets_the_same_answer_and_a_letter_that_says_so(house: House) -> None:
    email = an_address()
    await verified(house, email)
    async with house.client() as client:
        known = await client.post("/auth/register", json=an_order(email, tenantName="Another One"))
        unknown = await client.post("/auth/register", json=an_order(an_address(), tenantName="Another One"))
    assert told(known) == told(unknown)
    assert await mailed_code(house, email) == ""
    letters = house.mail_to(email)
    assert letters[0].subject == "You have a Frontdesk account already"
    assert "Another One" in letters[0].text
    async with inspector(house) as admin:
        assert await admin.fetchval("select count(*) from directory.accounts where email = $1", email) == 1
    assert (await log_in(house, email)).status_code == 200


async def test_a_second_registration_does_not_change_the_password_of_an_account(house: House) -> None:
    email = an_address()
    await verified(house, email)
    async with house.client() as client:
        await client.post("/auth/register", json=an_order(email, password="Attackers-Own-8"))
    await house.follow_up()
    assert (await log_in(house, email, "Attackers-Own-8")).status_code == 401
    assert (await log_in(house, email, PASSWORD)).status_code == 200


async def test_resending_tells_nothing(house: House) -> None:
    waiting, known, nobody = an_address(), an_address(), an_address()
    await registered(house, waiting)
    await verified(house, known)
    async with house.client() as client:
        answers = [
            await client.post("/auth/resend-verification", json={"email": email}) for email in (waiting, known, nobody)
        ]
    assert {told(answer)[::2] for answer in answers} == {(202, b'{"verificationRequired":true}')}
    assert [told(answer) for answer in answers] == [told(answers[0])] * 3
    await house.follow_up()
    assert [len(house.mail_to(email)) for email in (waiting, known, nobody)] == [2, 1, 0]


async def test_the_password_of_a_registration_counts_only_for_that_registration(house: House) -> None:
    """Whoever registers with somebody else's address gains nothing when its owner confirms their own registration."""
    email = an_address()
    async with house.client() as client:
        await client.post("/auth/register", json=an_order(email, password="Attackers-Own-8", tenantName="Attacker"))
    await house.follow_up()
    code = await registered(house, email, tenantName="Rightful")
    signed_in = (await verify(house, email, code, password=PASSWORD)).json()
    assert signed_in["tenant"]["name"] == "Rightful"
    assert (await log_in(house, email, "Attackers-Own-8")).status_code == 401


async def test_a_name_is_inert_in_the_letter(house: House) -> None:
    email = an_address()
    name = "<img src=x onerror=alert(1)> =?utf-8?q?=0ABcc:_x=40example.com?= {{7*7}}"
    await registered(house, email, tenantName=name, displayName=name)
    letter = house.mail_to(email)[0]
    assert letter.to == [email]
    assert "<img" not in letter.html
    assert "&lt;img" in letter.html
    assert "{{7*7}}" in letter.text
    assert "\n" not in letter.subject
