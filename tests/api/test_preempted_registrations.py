"""A stranger registers somebody's address too: nobody is made to open the stranger's registration."""

import pytest

from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, log_in, registered, verify
from tests.support.stories import inspector

THEIRS = "Stranger-Horse-6"


@pytest.mark.parametrize("comes", ["before", "after"])
async def test_a_strangers_registration_is_not_opened_by_the_owner_of_the_address(house: House, comes: str) -> None:
    email = an_address()
    if comes == "before":
        theirs = await registered(house, email, password=THEIRS, tenantName="Trap")
        own = await registered(house, email)
    else:
        own = await registered(house, email)
        theirs = await registered(house, email, password=THEIRS, tenantName="Trap")
    for code in (own, theirs):
        without = await verify(house, email, code)
        assert (without.status_code, without.json()["code"]) == (401, "invalid_credentials")
    if own != theirs:
        trapped = await verify(house, email, theirs, password=PASSWORD)
        assert (trapped.status_code, trapped.json()["code"]) == (400, "invalid_code")
    opened = await verify(house, email, own, password=PASSWORD)
    assert opened.json()["tenant"]["name"] == "Harbor Plumbing"
    assert (await log_in(house, email, THEIRS)).status_code == 401
    assert (await log_in(house, email)).status_code == 200


async def test_a_wrong_password_counts_as_a_wrong_code(house: House) -> None:
    email = an_address()
    await registered(house, email, password=THEIRS)
    code = await registered(house, email)
    answers = [await verify(house, email, code, password="Wrong-Horse-7") for _ in range(5)]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(400, "invalid_code")}
    assert (await verify(house, email, code, password=PASSWORD)).status_code == 400


async def test_who_registers_once_needs_the_code_alone(house: House) -> None:
    email, other = an_address(), an_address()
    code, others = await registered(house, email), await registered(house, other)
    assert (await verify(house, email, code)).status_code == 200
    assert (await verify(house, other, others, password="Wrong-Horse-7")).status_code == 400
    assert (await verify(house, other, others, password=PASSWORD)).status_code == 200


async def test_of_the_others_nothing_is_left(house: House) -> None:
    email = an_address()
    await registered(house, email, password=THEIRS)
    code = await registered(house, email)
    assert (await verify(house, email, code, password=PASSWORD)).status_code == 200
    async with inspector(house) as admin:
        left = await admin.fetchval("select count(*) from directory.registrations where email = $1", email)
    assert left == 0
