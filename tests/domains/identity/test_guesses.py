"""What limits do to logins, codes and letters, on fakes."""

import pytest

from domains.identity import CodeWanted, LogIn, Register, ResendVerification, VerificationRequired, VerifyEmail
from domains.shared.errors import InvalidCode, InvalidCredentials, RateLimited
from domains.shared.limits import LimitName, Rate, RateLimits
from tests.support.offices import Office

EMAIL = "grace@example.com"
ORDER = Register(
    tenant_name="Harbor Plumbing",
    email=EMAIL,
    password="Correct-Horse-7",
    display_name="Grace Hopper",
    agree_to_terms=True,
)
LIMITS = RateLimits(
    {
        LimitName.ACCOUNT_LOGIN: (Rate(2, 900),),
        LimitName.CODE_GUESS: (Rate(3, 3600),),
        LimitName.CODE_MAIL: (Rate(2, 3600),),
    }
)


@pytest.fixture
def office() -> Office:
    return Office(LIMITS)


async def refusal_of(office: Office, password: str, email: str = EMAIL) -> type[Exception]:
    with pytest.raises((InvalidCredentials, RateLimited)) as refused:
        await office.signing_in.with_password(LogIn(email=email, password=password))
    return refused.type


@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com", "no address"])
async def test_beyond_the_limit_no_password_is_looked_at(office: Office, email: str) -> None:
    await office.registering.start(ORDER)
    assert [await refusal_of(office, "Wrong-Horse-7", email) for _ in range(2)] == [InvalidCredentials] * 2
    asked = len(office.hasher.asked)
    assert [await refusal_of(office, ORDER.password, email) for _ in range(2)] == [RateLimited] * 2
    assert len(office.hasher.asked) == asked


async def test_codes_are_not_guessed_beyond_the_limit(office: Office) -> None:
    await office.registering.start(ORDER)
    [wanted] = office.work.events
    await office.verification_letters.send(wanted.subject)
    code = office.letters.sent[0].words["code"]
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(3):
        with pytest.raises(InvalidCode):
            await office.confirming.confirm(VerifyEmail(email=EMAIL, code=wrong))
    with pytest.raises(RateLimited):
        await office.confirming.confirm(VerifyEmail(email=EMAIL, code=code))


async def test_letters_beyond_the_limit_are_not_asked_for(office: Office) -> None:
    assert await office.registering.start(ORDER) == VerificationRequired()
    for _ in range(4):
        assert await office.registering.resend(ResendVerification(email=EMAIL)) == VerificationRequired()
    assert await office.registering.start(ORDER) == VerificationRequired()
    assert [type(event) for event in office.work.events] == [CodeWanted] * 2
