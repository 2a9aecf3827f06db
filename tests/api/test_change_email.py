"""Changing the address of an account. Attack 56."""

import asyncio
from typing import Any

import pytest

from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, log_in
from tests.support.sameness import told
from tests.support.signed_up import NEW_PASSWORD, SignedUp, mailed_token, post, signed_up, subjects
from tests.support.stories import inspector

CONFIRM, STOP = "confirm-email-change", "stop-email-change"


async def ask(house: House, person: SignedUp, email: str, password: str = PASSWORD) -> Any:
    return await post(house, "/auth/change-email", {"newEmail": email, "password": password}, person.token)


async def follow(house: House, verb: str, token: str) -> Any:
    return await post(house, f"/auth/change-email/{verb}", {"token": token})


async def asked(house: House, person: SignedUp, email: str) -> tuple[str, str]:
    """Ask for a change: the tokens mailed to the old and to the new address."""
    answer = await ask(house, person, email)
    assert (answer.status_code, answer.json()) == (202, {"accepted": True}), answer.text
    return await mailed_token(house, person.email, CONFIRM), await mailed_token(house, email, CONFIRM)


@pytest.mark.parametrize("first", ["old", "new"])
async def test_both_addresses_confirm_in_any_order(house: House, first: str) -> None:
    person, email = await signed_up(house), an_address()
    old, new = await asked(house, person, email)
    tokens = [old, new] if first == "old" else [new, old]
    assert (await follow(house, "confirm", tokens[0])).json() == {"status": "waiting"}
    assert (await follow(house, "confirm", tokens[0])).json() == {"status": "waiting"}
    assert (await log_in(house, email)).status_code == 401
    assert (await follow(house, "confirm", tokens[1])).json() == {"status": "changed"}
    assert (await log_in(house, person.email)).status_code == 401
    await house.follow_up()
    answer = await log_in(house, email)
    assert (answer.status_code, answer.json()["user"]["email"]) == (200, email)
    used = await follow(house, "confirm", tokens[1])
    assert (used.status_code, used.json()["code"]) == (400, "invalid_token")


async def test_it_reaches_every_tenant_of_the_person(house: House) -> None:
    person, email = await signed_up(house), an_address()
    second = (await post(house, "/tenants", {"name": "Second Harbor"}, person.token)).json()
    for token in await asked(house, person, email):
        assert (await follow(house, "confirm", token)).status_code == 200
    await house.follow_up()
    for slug in (person.tenant["slug"], second["slug"]):
        assert (await log_in(house, email, tenantSlug=slug)).json()["user"]["email"] == email


async def test_the_password_is_needed(house: House) -> None:
    person, email = await signed_up(house), an_address()
    refused = await ask(house, person, email, "Wrong-Horse-7")
    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_credentials")
    await house.follow_up()
    assert house.mail_to(email) == []
    assert (await ask(house, person, email)).status_code == 202
    same = await ask(house, person, person.email.upper())
    assert same.json()["errors"][0]["code"] == "unchanged"


@pytest.mark.parametrize("who", ["old", "new"])
async def test_either_address_can_stop_it(house: House, who: str) -> None:
    person, email = await signed_up(house), an_address()
    old, new = await asked(house, person, email)
    assert await mailed_token(house, person.email, STOP) == old
    assert (await follow(house, "confirm", new)).json() == {"status": "waiting"}
    assert (await follow(house, "stop", old if who == "old" else new)).status_code == 204
    for token in (old, new):
        assert (await follow(house, "confirm", token)).json()["code"] == "invalid_token"
        assert (await follow(house, "stop", token)).json()["code"] == "invalid_token"
    assert (await log_in(house, person.email)).status_code == 200


async def test_a_reset_of_the_password_stops_it(house: House) -> None:
    """Whoever asked for it knew the old password."""
    person, email = await signed_up(house), an_address()
    old, new = await asked(house, person, email)
    assert (await follow(house, "confirm", new)).status_code == 200
    await post(house, "/auth/forgot-password", {"email": person.email})
    token = await mailed_token(house, person.email, "reset-password")
    reset = await post(house, "/auth/reset-password", {"token": token, "newPassword": NEW_PASSWORD})
    assert reset.status_code == 204
    assert (await follow(house, "confirm", old)).json()["code"] == "invalid_token"
    assert (await log_in(house, person.email, NEW_PASSWORD)).status_code == 200


async def test_asking_again_kills_the_links_before(house: House) -> None:
    person, email, other = await signed_up(house), an_address(), an_address()
    tokens = await asked(house, person, email)
    newer = await asked(house, person, other)
    assert [(await follow(house, "confirm", token)).status_code for token in tokens] == [400, 400]
    assert [(await follow(house, "confirm", token)).status_code for token in newer] == [200, 200]
    assert (await log_in(house, other)).status_code == 200


async def test_a_taken_address_is_answered_alike_and_told_apart_in_its_letter_only(house: House) -> None:
    person, taken = await signed_up(house), await signed_up(house)
    free = an_address()
    answers = [await ask(house, person, email) for email in (taken.email, free)]
    assert told(answers[0]) == told(answers[1])
    old, new = await asked(house, person, taken.email)
    assert (bool(old), new) == (True, "")
    assert subjects(house, taken.email)[0] == "You have a Frontdesk account already"
    assert (await follow(house, "confirm", old)).json() == {"status": "waiting"}
    assert (await log_in(house, taken.email)).status_code == 200


async def test_an_address_that_was_taken_meanwhile_is_not_taken_away(house: House) -> None:
    person, email = await signed_up(house), an_address()
    old, new = await asked(house, person, email)
    assert (await follow(house, "confirm", old)).status_code == 200
    async with inspector(house) as admin:
        await admin.execute(
            "insert into directory.accounts (id, email, password_hash, verified_at)"
            " values (gen_random_uuid(), $1, 'its own', now())",
            email,
        )
    assert (await follow(house, "confirm", new)).json()["code"] == "invalid_token"
    assert (await log_in(house, person.email)).status_code == 200


async def test_links_followed_at_once_change_it_once(house: House) -> None:
    person, email = await signed_up(house), an_address()
    tokens = await asked(house, person, email)
    answers = await asyncio.gather(*(follow(house, "confirm", token) for token in tokens * 3))
    said = [answer.json().get("status") for answer in answers if answer.status_code == 200]
    assert said.count("changed") == 1
    assert (await log_in(house, email)).status_code == 200


@pytest.mark.parametrize(("age", "status"), [("23 hours", 200), ("25 hours", 400)])
async def test_links_live_a_day(house: House, age: str, status: int) -> None:
    person, email = await signed_up(house), an_address()
    old, _ = await asked(house, person, email)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.email_changes set expires_at = expires_at - $2::text::interval where new_email = $1",
            email,
            age,
        )
    assert (await follow(house, "confirm", old)).status_code == status
