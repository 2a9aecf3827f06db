"""Second factors over HTTP. Attack 54."""

import asyncio
import time
from typing import Any

import httpx
import msgspec
import pyotp
import pytest

from domains.shared.limits import LimitName, Rate, RateLimits
from tests.support.databases import TestDatabase
from tests.support.house import House, house_over
from tests.support.registrations import PASSWORD, log_in
from tests.support.signed_up import NEW_PASSWORD, SignedUp, again, is_live, mailed_token, post, signed_up, subjects
from tests.support.stories import inspector
from tests.support.waiting import blocked

TOTP = {"method": "totp", "password": PASSWORD}
_NOTED = "select action from audit_log where subject_id = $1 order by id"


class Enrolled(msgspec.Struct, frozen=True):
    """Somebody with a second factor."""

    person: SignedUp
    secret: str
    recovery: list[str]

    @property
    def email(self) -> str:
        return self.person.email

    def code(self, off: int = 0) -> str:
        """The code by time, of the step that is `off` from now."""
        return str(pyotp.TOTP(self.secret).generate_otp(int(time.time()) // 30 + off))

    def wrong(self) -> str:
        right = {self.code(off) for off in range(-3, 4)}
        return next(f"{number:06}" for number in range(8) if f"{number:06}" not in right)


async def enrolled(house: House) -> Enrolled:
    person = await signed_up(house)
    asked = await post(house, "/auth/2fa/enable", TOTP, person.token)
    assert asked.status_code == 200, asked.text
    secret = asked.json()["secret"]
    first = {"code": pyotp.TOTP(secret).now()}
    answer = await post(house, "/auth/2fa/confirm", first, person.token)
    assert answer.status_code == 200, answer.text
    made = Enrolled(person, secret, answer.json()["recoveryCodes"])
    await forget_steps(house, made)
    return made


async def forget_steps(house: House, who: Enrolled) -> None:
    """Let the present step be used once more: a test does not wait for the next."""
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.second_factors f set last_step = 0 from directory.accounts a"
            " where a.id = f.account_id and a.email = $1",
            who.email,
        )


async def grow_old(house: House, email: str) -> None:
    """All sessions of the account have been open for a while."""
    async with inspector(house) as admin:
        await admin.execute(
            "update directory.sessions s set created_at = now() - interval '11 minutes'"
            " from directory.accounts a where a.id = s.account_id and a.email = $1",
            email,
        )


def must_be(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_it_is_on_only_after_the_first_right_code(house: House) -> None:
    person = await signed_up(house)
    asked = (await post(house, "/auth/2fa/enable", TOTP, person.token)).json()
    assert asked["method"] == "totp"
    assert f"secret={asked['secret']}" in asked["otpauthUri"]
    assert (await log_in(house, person.email)).status_code == 200
    must_be(await post(house, "/auth/2fa/confirm", {"code": "abcdef"}, person.token), 400, "invalid_code")
    assert (await log_in(house, person.email)).status_code == 200
    code = pyotp.TOTP(asked["secret"]).now()
    done = await post(house, "/auth/2fa/confirm", {"code": code}, person.token)
    assert done.status_code == 200
    assert len(set(done.json()["recoveryCodes"])) == 10
    must_be(await log_in(house, person.email), 401, "two_factor_required")
    must_be(await log_in(house, person.email, code=code), 400, "invalid_code")
    await house.follow_up()
    assert subjects(house, person.email)[0] == "Your second sign-in step was changed"


async def test_a_login_says_what_it_lacks_with_the_right_password_only(house: House) -> None:
    who = await enrolled(house)
    lacking = await log_in(house, who.email)
    must_be(lacking, 401, "two_factor_required")
    assert lacking.json()["methods"] == ["totp", "recovery_code"]
    must_be(await log_in(house, who.email, "Wrong-Horse-7"), 401, "invalid_credentials")
    must_be(await log_in(house, who.email, "Wrong-Horse-7", code=who.code()), 401, "invalid_credentials")
    must_be(await log_in(house, who.email, code=who.wrong()), 400, "invalid_code")
    assert (await log_in(house, who.email, code=who.code())).status_code == 200


async def test_a_code_is_good_once(house: House) -> None:
    who = await enrolled(house)
    code = who.code()
    assert (await log_in(house, who.email, code=code)).status_code == 200
    must_be(await log_in(house, who.email, code=code), 400, "invalid_code")
    must_be(await log_in(house, who.email, code=who.code(-1)), 400, "invalid_code")
    assert (await log_in(house, who.email, code=who.code(+1))).status_code == 200


async def test_two_uses_of_a_code_at_once_are_one_login(house: House) -> None:
    who = await enrolled(house)
    code = who.code()
    answers = await asyncio.gather(*(log_in(house, who.email, code=code) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]
    one = who.recovery[0]
    answers = await asyncio.gather(*(log_in(house, who.email, code=one) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400, 400]


async def test_a_recovery_code_is_good_once_however_it_is_typed(house: House) -> None:
    who = await enrolled(house)
    first, second = who.recovery[:2]
    assert (await log_in(house, who.email, code=first.upper().replace("-", " "))).status_code == 200
    must_be(await log_in(house, who.email, code=first), 400, "invalid_code")
    assert (await log_in(house, who.email, code=second.replace("-", ""))).status_code == 200


@pytest.mark.parametrize("path", ["disable", "recovery-codes"])
@pytest.mark.parametrize("kind", ["code", "recovery"])
async def test_it_is_changed_with_the_password_and_a_code(house: House, path: str, kind: str) -> None:
    who = await enrolled(house)
    code = who.code() if kind == "code" else who.recovery[0]
    for body, status, refusal in (
        ({}, 400, "validation_error"),
        ({"password": PASSWORD}, 400, "validation_error"),
        ({"code": code}, 400, "validation_error"),
        ({"password": "Wrong-Horse-7", "code": code}, 401, "invalid_credentials"),
        ({"password": PASSWORD, "code": who.wrong()}, 400, "invalid_code"),
    ):
        must_be(await post(house, f"/auth/2fa/{path}", body, who.person.token), status, refusal)
    must_be(await log_in(house, who.email), 401, "two_factor_required")
    given = {"password": PASSWORD, "code": code}
    done = await post(house, f"/auth/2fa/{path}", given, who.person.token)
    assert done.is_success, done.text
    if path == "disable":
        assert (await log_in(house, who.email)).status_code == 200
        must_be(await post(house, f"/auth/2fa/{path}", given, who.person.token), 409, "conflict")
    else:
        must_be(await post(house, f"/auth/2fa/{path}", given, who.person.token), 400, "invalid_code")


async def test_it_is_asked_for_with_the_password(house: House) -> None:
    """Or whoever finds a session open locks its person out for good."""
    person = await signed_up(house)
    await grow_old(house, person.email)
    must_be(await post(house, "/auth/2fa/enable", {"method": "totp"}, person.token), 400, "validation_error")
    wrong = {**TOTP, "password": "Wrong-Horse-7"}
    must_be(await post(house, "/auth/2fa/enable", wrong, person.token), 401, "invalid_credentials")
    must_be(await post(house, "/auth/2fa/confirm", {"code": "123456"}, person.token), 409, "conflict")
    assert (await post(house, "/auth/2fa/enable", TOTP, person.token)).status_code == 200


async def test_who_has_just_signed_in_need_not_repeat_the_password(house: House) -> None:
    """What was switched to was not signed in with: it makes an old session no younger."""
    person = await signed_up(house)
    assert (await post(house, "/auth/2fa/enable", {"method": "totp"}, person.token)).status_code == 200
    tenant = (await post(house, "/tenants", {"name": "Second"}, person.token)).json()["id"]
    await grow_old(house, person.email)
    switched = (await post(house, "/auth/switch-tenant", {"tenantId": tenant}, person.token)).json()["accessToken"]
    must_be(await post(house, "/auth/2fa/enable", {"method": "totp"}, switched), 400, "validation_error")


async def test_a_session_is_no_place_to_guess_the_password(database: TestDatabase, tmp_path: Any) -> None:
    limits = RateLimits({LimitName.ACCOUNT_LOGIN: (Rate(5, 900),)})
    async with house_over(database, tmp_path, limits=limits) as house:
        person = await signed_up(house)
        wrong = {**TOTP, "password": "Wrong-Horse-7"}
        guesses = [post(house, "/auth/2fa/enable", wrong, person.token) for _ in range(12)]
        counted = sorted(answer.status_code for answer in await asyncio.gather(*guesses))
        assert counted == [401] * 5 + [429] * 7
        must_be(await post(house, "/auth/2fa/enable", TOTP, person.token), 429, "rate_limited")


async def test_changing_it_ends_the_other_sessions(house: House) -> None:
    """Attack 49."""
    person = await signed_up(house)
    other = await again(house, person.email)
    secret = (await post(house, "/auth/2fa/enable", TOTP, person.token)).json()["secret"]
    assert await is_live(house, other)
    assert (await post(house, "/auth/2fa/confirm", {"code": pyotp.TOTP(secret).now()}, person.token)).status_code == 200
    assert (await is_live(house, other), await is_live(house, person.token)) == (False, True)
    who = Enrolled(person, secret, [])
    await forget_steps(house, who)
    other = await again(house, person.email, code=who.code())
    given = {"password": PASSWORD, "code": who.code(+1)}
    assert (await post(house, "/auth/2fa/disable", given, person.token)).status_code == 204
    assert (await is_live(house, other), await is_live(house, person.token)) == (False, True)


async def test_a_login_that_was_under_way_opens_nothing_beside_it(house: House) -> None:
    """Its password was right, and no code was asked for yet, when the second factor came on."""
    person = await signed_up(house)
    async with inspector(house) as admin:
        async with admin.transaction():
            await admin.execute("select from directory.accounts where email = $1 for no key update", person.email)
            under_way = asyncio.create_task(log_in(house, person.email))
            await blocked(admin)
            await admin.execute(
                "insert into directory.second_factors (account_id, secret, confirmed_at, last_step)"
                " select id, 'sealed', now(), 1 from directory.accounts where email = $1",
                person.email,
            )
        must_be(await under_way, 401, "invalid_credentials")
    must_be(await log_in(house, person.email), 401, "two_factor_required")


async def test_new_recovery_codes_kill_the_old(house: House) -> None:
    who = await enrolled(house)
    given = {"password": PASSWORD, "code": who.recovery[1]}
    answer = await post(house, "/auth/2fa/recovery-codes", given, who.person.token)
    assert answer.status_code == 200
    new = answer.json()["recoveryCodes"]
    assert not set(new) & set(who.recovery)
    must_be(await log_in(house, who.email, code=who.recovery[0]), 400, "invalid_code")
    assert (await log_in(house, who.email, code=new[0])).status_code == 200


@pytest.mark.parametrize("path", ["disable", "recovery-codes"])
async def test_without_one_there_is_nothing_to_keep(house: House, path: str) -> None:
    person = await signed_up(house)
    given = {"password": PASSWORD, "code": "123456"}
    must_be(await post(house, f"/auth/2fa/{path}", given, person.token), 409, "conflict")
    must_be(await post(house, "/auth/2fa/confirm", {"code": "123456"}, person.token), 409, "conflict")
    who = await enrolled(house)
    given["code"] = who.code()
    assert (await post(house, f"/auth/2fa/{path}", given, who.person.token)).status_code in {200, 204}


async def test_one_that_is_on_is_not_replaced(house: House) -> None:
    who = await enrolled(house)
    must_be(await post(house, "/auth/2fa/enable", TOTP, who.person.token), 409, "conflict")
    assert (await log_in(house, who.email, code=who.code())).status_code == 200


async def test_texts_are_honestly_refused(house: House) -> None:
    person = await signed_up(house)
    order = {"method": "sms", "phone": "+12125550101", "password": PASSWORD}
    must_be(await post(house, "/auth/2fa/enable", order, person.token), 403, "feature_disabled")
    assert (await post(house, "/auth/2fa/enable", TOTP, person.token)).status_code == 200


async def test_a_reset_of_the_password_leaves_the_second_factor(house: House) -> None:
    who = await enrolled(house)
    await post(house, "/auth/forgot-password", {"email": who.email})
    token = await mailed_token(house, who.email, "reset-password")
    done = await post(house, "/auth/reset-password", {"token": token, "newPassword": NEW_PASSWORD})
    assert done.status_code == 204
    must_be(await log_in(house, who.email, NEW_PASSWORD), 401, "two_factor_required")
    assert (await log_in(house, who.email, NEW_PASSWORD, code=who.code())).status_code == 200


async def test_neither_secret_nor_recovery_code_rests_in_clear(house: House) -> None:
    who = await enrolled(house)
    async with inspector(house) as admin:
        sealed = await admin.fetch("select secret from directory.second_factors")
        digests = await admin.fetch("select digest from directory.recovery_codes")
    kept = b"".join(row[0] for row in (*sealed, *digests))
    assert len(kept) > 100
    for secret in (who.secret, *who.recovery):
        assert secret.encode() not in kept
        assert secret.replace("-", "").encode() not in kept


async def test_ones_own_account_says_whether_it_is_on(house: House) -> None:
    who = await enrolled(house)
    kinds = ["totp", "recovery_code"]
    for left in (10, 9):
        token = await again(house, who.email, code=who.recovery[left - 1])
        async with house.client(token) as client:
            shown = (await client.get("/auth/me")).json()["twoFactor"]
        assert shown == {"enabled": True, "methods": kinds, "recoveryCodesLeft": left - 1}


async def test_every_step_of_it_is_in_the_audit_log(house: House) -> None:
    who = await enrolled(house)
    first, second = ({"password": PASSWORD, "code": who.code(off)} for off in (0, 1))
    await post(house, "/auth/2fa/disable", {**first, "password": "Wrong-Horse-7"}, who.person.token)
    await post(house, "/auth/2fa/recovery-codes", first, who.person.token)
    await post(house, "/auth/2fa/disable", second, who.person.token)
    async with inspector(house) as admin:
        noted = await admin.fetch(_NOTED, who.person.user["id"])
    assert [row["action"] for row in noted] == [
        "two_factor.asked",
        "two_factor.enabled",
        "reauthentication.refused",
        "two_factor.codes_renewed",
        "two_factor.disabled",
    ]


async def test_codes_are_not_guessed_beyond_the_limit(database: TestDatabase, tmp_path: Any) -> None:
    limits = RateLimits({LimitName.SECOND_FACTOR: (Rate(5, 86400),)})
    async with house_over(database, tmp_path, limits=limits) as house:
        who = await enrolled(house)
        guesses = [log_in(house, who.email, code=who.wrong()) for _ in range(12)]
        counted = sorted(answer.status_code for answer in await asyncio.gather(*guesses))
        assert counted == [400] * 5 + [429] * 7
        given = {"password": PASSWORD, "code": who.wrong()}
        must_be(await post(house, "/auth/2fa/disable", given, who.person.token), 429, "rate_limited")
        must_be(await log_in(house, who.email, code=who.code()), 429, "rate_limited")


async def change_email(house: House, who: Enrolled, **given: str) -> httpx.Response:
    return await post(house, "/auth/change-email", {"newEmail": f"new-{who.email}", **given}, who.person.token)


async def leave(house: House, who: Enrolled, **given: str) -> httpx.Response:
    headers = {"password": "Current-Password", "code": "Current-Code"}
    async with house.client(who.person.token) as client:
        return await client.delete("/users/me", headers={headers[name]: value for name, value in given.items()})


@pytest.mark.parametrize("verb", [change_email, leave])
async def test_what_takes_an_account_over_or_away_asks_for_it(house: House, verb: Any) -> None:
    """A code is neither looked at nor used up beside a wrong password."""
    who = await enrolled(house)
    await found_another(house, who)
    lacking = await verb(house, who, password=PASSWORD)
    must_be(lacking, 401, "two_factor_required")
    assert lacking.json()["methods"] == ["totp", "recovery_code"]
    must_be(await verb(house, who, password=PASSWORD, code=who.wrong()), 400, "invalid_code")
    must_be(await verb(house, who, password="Wrong-Horse-7", code=who.recovery[0]), 401, "invalid_credentials")
    assert (await verb(house, who, password=PASSWORD, code=who.recovery[0])).is_success


async def found_another(house: House, who: Enrolled) -> None:
    """Somebody else owns the tenant as well: the last owner could not leave it."""
    owner = await signed_up(house)
    async with inspector(house) as admin:
        tenant, other = who.person.tenant["id"], owner.user["id"]
        copied = "account_id, 'owner', email, 'further-owner', display_name, created_at, updated_at"
        await admin.execute(
            "insert into users (tenant_id, id, account_id, role, email, username, display_name, created_at, updated_at)"
            f" select $1, gen_random_uuid(), {copied} from users where id = $2", tenant, other,
        )  # fmt: skip
        await admin.execute(
            "insert into directory.memberships (account_id, tenant_id, user_id, role)"
            " select account_id, tenant_id, id, 'owner' from users where tenant_id = $1 and email = $2",
            tenant, owner.email,
        )  # fmt: skip
