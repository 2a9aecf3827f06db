"""From the first form to a tenant with its owner, on fakes."""

from datetime import timedelta
from typing import Any

import pytest

from domains.identity import (
    LIFETIME,
    MOST_TRIES,
    CodeWanted,
    EmailNotVerified,
    LogIn,
    Register,
    ResendVerification,
    TenantFounded,
    VerifyEmail,
)
from domains.shared.errors import InvalidCode, InvalidCredentials, ValidationFailed
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from tests.support.fakes import CommitLost
from tests.support.offices import Office

EMAIL = "grace@example.com"
ORDER = Register(
    tenant_name="Harbor Plumbing",
    email="Grace@Example.com",
    password="Correct-Horse-7",
    display_name="Grace Hopper",
    agree_to_terms=True,
)


@pytest.fixture
def office() -> Office:
    return Office()


async def registered(office: Office, order: Register = ORDER) -> str:
    """Register, have the letter sent, and give its code."""
    await office.registering.start(order)
    return await mailed(office)


async def mailed(office: Office) -> str:
    """The code of the letter that the newest event asks for; empty where it has none."""
    wanted = [event for event in office.work.events if isinstance(event, CodeWanted)][-1]
    sent = len(office.letters.sent)
    await office.verification_letters.send(wanted.subject)
    return office.letters.sent[-1].words.get("code", "") if len(office.letters.sent) > sent else ""


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_registration_becomes_a_tenant_with_its_owner(office: Office) -> None:
    code = await registered(office)
    letter = office.letters.sent[-1]
    assert (letter.to, letter.template) == (EMAIL, "verification_code")
    assert letter.words == {"displayName": "Grace Hopper", "tenantName": "Harbor Plumbing", "code": code}
    signed_in = await office.signing_in.with_code(VerifyEmail(email="GRACE@example.com", code=code))
    assert (signed_in.user.email, signed_in.user.role) == (EMAIL, Role.OWNER)
    assert [tenant.slug for tenant in signed_in.tenants] == ["harbor-plumbing"]
    assert [(type(event), event.subject) for event in office.work.events[1:]] == [(TenantFounded, signed_in.tenant.id)]


async def test_no_code_rests_anywhere_but_in_the_letter(office: Office) -> None:
    code = await registered(office)
    assert code.encode() not in repr(office.work.tables).encode()
    assert code not in repr(office.work.recorded)


async def test_a_password_is_kept_as_a_hash_only(office: Office) -> None:
    await office.registering.start(ORDER)
    kept = next(iter(office.work.tables["registrations"].values()))
    assert kept.password_hash == "hash of Correct-Horse-7"
    assert "Correct-Horse-7" not in repr(kept.registration)


async def test_a_bad_order_stores_nothing(office: Office) -> None:
    weak = Register(tenant_name="Harbor", email=EMAIL, password="weak", display_name="Grace", agree_to_terms=True)
    with pytest.raises(ValidationFailed):
        await office.registering.start(weak)
    assert (office.work.commits, office.work.recorded) == (0, [])


async def test_a_registration_that_is_not_committed_is_not_answered(office: Office) -> None:
    office.work.fails = True
    with pytest.raises(CommitLost):
        await office.registering.start(ORDER)
    assert (office.work.tables, office.work.recorded) == ({}, [])


async def test_a_code_stands_five_tries(office: Office) -> None:
    assert MOST_TRIES == 5
    code = await registered(office)
    for _ in range(MOST_TRIES - 1):
        with pytest.raises(InvalidCode):
            await office.confirming.confirm(VerifyEmail(email=EMAIL, code=wrong(code)))
    assert (await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))).email == EMAIL


async def test_after_five_wrong_tries_the_right_code_is_dead(office: Office) -> None:
    code = await registered(office)
    for _ in range(MOST_TRIES):
        with pytest.raises(InvalidCode):
            await office.confirming.confirm(VerifyEmail(email=EMAIL, code=wrong(code)))
    with pytest.raises(InvalidCode):
        await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))


@pytest.mark.parametrize(("age", "is_good"), [(LIFETIME - timedelta(seconds=1), True), (LIFETIME, False)])
async def test_a_code_lives_ten_minutes(office: Office, age: timedelta, is_good: bool) -> None:
    assert timedelta(minutes=10) == LIFETIME
    code = await registered(office)
    office.clock.advance(age)
    if is_good:
        assert (await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))).email == EMAIL
    else:
        with pytest.raises(InvalidCode):
            await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))


async def test_a_code_is_good_once(office: Office) -> None:
    code = await registered(office)
    await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))
    with pytest.raises(InvalidCode):
        await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))


async def test_a_new_code_kills_the_old(office: Office) -> None:
    old = await registered(office)
    await office.registering.resend(ResendVerification(email="GRACE@example.com"))
    new = await mailed(office)
    if old != new:
        with pytest.raises(InvalidCode):
            await office.confirming.confirm(VerifyEmail(email=EMAIL, code=old))
    assert (await office.confirming.confirm(VerifyEmail(email=EMAIL, code=new))).email == EMAIL


async def test_every_refusal_of_a_code_has_the_same_words(office: Office) -> None:
    code = await registered(office)
    said = set()
    for email, tried in ((EMAIL, wrong(code)), ("nobody@example.com", code), (EMAIL, wrong(wrong(code)))):
        with pytest.raises(InvalidCode) as refused:
            await office.confirming.confirm(VerifyEmail(email=email, code=tried))
        said.add(refused.value.detail)
    await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))
    with pytest.raises(InvalidCode) as refused:
        await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))
    assert {*said, refused.value.detail} == said
    assert len(said) == 1


async def test_an_address_with_an_account_gets_the_same_answer_and_another_letter(office: Office) -> None:
    first = await office.registering.start(ORDER)
    await office.confirming.confirm(VerifyEmail(email=EMAIL, code=await mailed(office)))
    assert await office.registering.start(ORDER) == first
    assert await mailed(office) == ""
    letter = office.letters.sent[-1]
    assert (letter.to, letter.template) == (EMAIL, "known_address")
    assert len(office.work.tables["accounts"]) == 1


async def test_resending_to_a_stranger_answers_the_same_and_mails_nothing(office: Office) -> None:
    await registered(office)
    known = await office.registering.resend(ResendVerification(email=EMAIL))
    commits, sent = office.work.commits, len(office.letters.sent)
    assert await office.registering.resend(ResendVerification(email="nobody@example.com")) == known
    assert office.work.commits - commits == 2
    assert await mailed(office) == ""
    assert len(office.letters.sent) == sent


async def test_two_businesses_of_one_name_get_two_slugs(office: Office) -> None:
    for email in (EMAIL, "other@example.com"):
        other = Register(**{**_fields(ORDER), "email": email})
        await office.confirming.confirm(VerifyEmail(email=email, code=await registered(office, other)))
    slugs = [account.tenant.slug for account in office.work.tables["accounts"].values()]
    assert slugs == ["harbor-plumbing", "harbor-plumbing-2"]


async def test_a_registration_that_is_gone_gets_no_letter(office: Office) -> None:
    await office.verification_letters.send(new_id())
    assert office.letters.sent == []


async def test_a_tenant_that_cannot_be_stored_leaves_the_registration_as_it_was(office: Office) -> None:
    code = await registered(office)
    office.members.refuses = True
    with pytest.raises(LookupError):
        await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))
    assert not office.work.tables["accounts"]
    office.members.refuses = False
    assert (await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))).email == EMAIL


async def test_the_owner_logs_in_with_the_password(office: Office) -> None:
    await office.confirming.confirm(VerifyEmail(email=EMAIL, code=await registered(office)))
    signed_in = await office.signing_in.with_password(
        LogIn(email=" GRACE@example.com ".strip(), password=ORDER.password)
    )
    session = office.tokens.read(signed_in.access_token)
    assert office.work.tables["sessions"][session].tenant == signed_in.tenant.id
    assert (signed_in.token_type, signed_in.expires_in) == ("Bearer", 3600)


@pytest.mark.parametrize(
    "attempt",
    [
        LogIn(email=EMAIL, password="Wrong-Horse-7"),
        LogIn(email="nobody@example.com", password=ORDER.password),
        LogIn(email="no address", password=ORDER.password),
        LogIn(email=EMAIL, password=ORDER.password, tenant_slug="somebody-elses"),
    ],
)
async def test_a_refused_login_says_the_same_after_one_hash(office: Office, attempt: LogIn) -> None:
    await office.confirming.confirm(VerifyEmail(email=EMAIL, code=await registered(office)))
    with pytest.raises(InvalidCredentials) as refused:
        await office.signing_in.with_password(attempt)
    assert refused.value.detail == "E-mail or password is wrong."
    assert len(office.hasher.asked) == 1
    assert office.work.tables.get("sessions", {}) == {}


async def test_an_unconfirmed_address_is_told_so_with_the_right_password_only(office: Office) -> None:
    await registered(office)
    with pytest.raises(InvalidCredentials):
        await office.signing_in.with_password(LogIn(email=EMAIL, password="Wrong-Horse-7"))
    with pytest.raises(EmailNotVerified):
        await office.signing_in.with_password(LogIn(email=EMAIL, password=ORDER.password))


def _fields(order: Register) -> dict[str, Any]:
    return {name: getattr(order, name) for name in order.__struct_fields__}
