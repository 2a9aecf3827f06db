"""Codes over HTTP: five tries however many come at once, ten minutes, once."""

import asyncio
from collections import Counter

import asyncpg
import httpx
import pytest

from domains.shared.ids import new_id
from tests.support.house import House
from tests.support.registrations import PASSWORD, an_address, log_in, mailed_code, registered, verify, wrong
from tests.support.sameness import told
from tests.support.soon import until
from tests.support.stories import inspector

_BLOCKED = "select exists (select from pg_stat_activity where $1 = any (pg_blocking_pids(pid)))"


def must_be_refused(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_code"), answer.text


async def test_after_five_wrong_tries_the_right_code_is_dead(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    for by in range(1, 6):
        must_be_refused(await verify(house, email, wrong(code, by)))
    must_be_refused(await verify(house, email, code))


async def test_the_letter_is_in_the_language_of_who_registers(house: House) -> None:
    subjects = {}
    for language in ("es-MX", "fr"):
        email = an_address()
        await registered(house, email, preferredLanguage=language)
        subjects[language] = house.mail_to(email)[0].subject.partition(":")[0]
    assert subjects == {"es-MX": "Su código para Harbor Plumbing", "fr": "Your code for Harbor Plumbing"}


async def test_after_four_wrong_tries_the_right_code_is_good_once(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    for by in range(1, 5):
        must_be_refused(await verify(house, email, wrong(code, by)))
    assert (await verify(house, email, code)).status_code == 200
    must_be_refused(await verify(house, email, code))


async def test_a_hundred_guesses_at_once_count_as_a_hundred(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    answers = await asyncio.gather(*(verify(house, email, wrong(code, by)) for by in range(1, 101)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted.keys() <= {400, 503}, counted
    assert counted[400] >= 20
    async with inspector(house) as admin:
        tries = await admin.fetchval("select tries from directory.registrations where email = $1", email)
    assert tries == counted[400]
    must_be_refused(await verify(house, email, code))


async def test_a_dead_code_stays_dead_however_often_it_comes_at_once(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    for by in range(1, 6):
        must_be_refused(await verify(house, email, wrong(code, by)))
    answers = await asyncio.gather(*(verify(house, email, code) for _ in range(20)))
    assert {answer.status_code for answer in answers} <= {400, 503}


async def test_the_right_code_many_times_at_once_founds_one_tenant(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    answers = await asyncio.gather(*(verify(house, email, code) for _ in range(12)))
    counted = Counter(answer.status_code for answer in answers)
    assert counted[200] == 1, counted
    assert counted.keys() <= {200, 400, 503}, counted
    assert (await log_in(house, email)).status_code == 200
    async with inspector(house) as admin:
        rows = await admin.fetch(
            "select m.tenant_id, (select count(*) from users u where u.tenant_id = m.tenant_id) as users,"
            " (select count(*) from events e where e.tenant_id = m.tenant_id and e.type = 'tenant.founded') as events"
            " from directory.memberships m join directory.accounts a on a.id = m.account_id where a.email = $1",
            email,
        )
    assert [(row["users"], row["events"]) for row in rows] == [(1, 1)]


async def test_a_new_code_kills_the_old_one_and_its_tries(house: House) -> None:
    email = an_address()
    old = await registered(house, email)
    for by in range(1, 6):
        must_be_refused(await verify(house, email, wrong(old, by)))
    async with house.client() as client:
        await client.post("/auth/resend-verification", json={"email": email.upper()})
    new = await mailed_code(house, email)
    if new != old:
        must_be_refused(await verify(house, email, old))
    assert (await verify(house, email, new)).status_code == 200


@pytest.mark.parametrize(("age", "status"), [("590 seconds", 200), ("601 seconds", 400)])
async def test_a_code_lives_ten_minutes(house: House, age: str, status: int) -> None:
    email = an_address()
    code = await registered(house, email)
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.registrations set code_expires_at = code_expires_at - $2::text::interval"
            " where email = $1",
            email,
            age,
        )
    assert (await verify(house, email, code)).status_code == status


async def test_every_refused_code_gets_the_same_bytes(house: House) -> None:
    email, dead, spent = an_address(), an_address(), an_address()
    code = await registered(house, email)
    dead_code, spent_code = await registered(house, dead), await registered(house, spent)
    assert (await verify(house, spent, spent_code)).status_code == 200
    async with inspector(house) as admin:
        await admin.execute("update directory.registrations set code_expires_at = now() where email = $1", dead)
    answers = [
        await verify(house, email, wrong(code)),
        await verify(house, dead, dead_code),
        await verify(house, spent, spent_code),
        await verify(house, an_address(), code),
        await verify(house, spent, code),
    ]
    assert [told(answer) for answer in answers] == [told(answers[0])] * 5


async def test_a_code_of_one_address_is_none_of_another(house: House) -> None:
    one, other = an_address(), an_address()
    code, others = await registered(house, one), await registered(house, other)
    if code != others:
        must_be_refused(await verify(house, other, code))
    assert (await verify(house, other, others)).status_code == 200


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", " 12345", "１２３４５６", "123456\n", 123456, None, ""])
async def test_what_is_no_code_costs_no_try(house: House, code: object) -> None:
    email = an_address()
    good = await registered(house, email)
    async with house.client() as client:
        for _ in range(6):
            answer = await client.post("/auth/verify-email", json={"email": email, "code": code})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "code")
    assert (await verify(house, email, good)).status_code == 200


async def test_of_many_registrations_of_an_address_the_newest_three_can_be_confirmed(house: House) -> None:
    email = an_address()
    codes = [await registered(house, email, tenantName=f"Harbor {number}") for number in range(4)]
    if codes[0] not in codes[1:]:
        must_be_refused(await verify(house, email, codes[0], password=PASSWORD))
    found = await verify(house, email, codes[1], password=PASSWORD)
    assert found.json()["tenant"]["name"] == "Harbor 1"
    must_be_refused(await verify(house, email, codes[3], password=PASSWORD))


async def test_a_code_does_nothing_to_an_account_that_came_meanwhile(house: House) -> None:
    email = an_address()
    code = await registered(house, email)
    async with inspector(house) as admin:
        await admin.execute(
            "insert into directory.accounts (id, email, password_hash, verified_at) values ($1, $2, 'its own', now())",
            new_id(),
            email,
        )
        must_be_refused(await verify(house, email, code))
        kept = await admin.fetch("select password_hash from directory.accounts where email = $1", email)
    assert [row["password_hash"] for row in kept] == ["its own"]


async def test_a_right_code_waits_for_the_wrong_guesses_before_it(house: House) -> None:
    """Four tries are spent and a fifth is under way: whoever looks at the count now must see five."""
    email = an_address()
    code = await registered(house, email)
    for by in range(1, 5):
        must_be_refused(await verify(house, email, wrong(code, by)))
    async with inspector(house) as guesser, inspector(house) as watcher:
        guess = guesser.transaction()
        await guess.start()
        await guesser.execute("select directory.try_code($1, 'wrong', now(), 5)", email)
        right = asyncio.create_task(verify(house, email, code))
        await until_blocked_or_done(watcher, guesser.get_server_pid(), right)
        await guess.commit()
    must_be_refused(await right)


async def until_blocked_or_done(watcher: asyncpg.Connection, pid: int, task: asyncio.Task[httpx.Response]) -> None:
    async def is_blocked_or_done() -> bool:
        return task.done() or bool(await watcher.fetchval(_BLOCKED, pid))

    await until(is_blocked_or_done, within=10)
