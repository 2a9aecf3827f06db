"""Registration, login, and who one is, over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED
from litestar.types import ControllerRouterHandler

from api.problems import problems
from domains.identity import (
    LogIn,
    OwnIdentity,
    Register,
    Registering,
    ResendVerification,
    SignedIn,
    SigningIn,
    VerificationRequired,
    VerifyEmail,
    WhoAmI,
)
from domains.shared.limits import LimitName

_AUTH = {"public": True, "limit": LimitName.AUTH}
_LOGIN = {"public": True, "limit": LimitName.LOGIN}
_CREDENTIALS = {"email": "ada@example.com", "password": "Correct-Horse-7"}
_REGISTERS = {
    "tenantName": "Harbor Plumbing", "displayName": "Ada Lovelace", **_CREDENTIALS, "agreeToTerms": True,
    "timezone": "America/New_York",
}  # fmt: skip
_CONFIRMS = {"email": "ada@example.com", "code": "123456"}


@post("/auth/register", opt={**_AUTH, "example": _REGISTERS}, tags=["Identity"], status_code=HTTP_202_ACCEPTED,
      responses=problems("forbidden"), description=Registering.start.__doc__)  # fmt: skip
async def register(data: JSONBody[Register], registering: FromDishka[Registering]) -> VerificationRequired:
    return await registering.start(data)


@post("/auth/resend-verification", opt=_AUTH, tags=["Identity"], status_code=HTTP_202_ACCEPTED,
      description=Registering.resend.__doc__)  # fmt: skip
async def resend_verification(
    data: JSONBody[ResendVerification], registering: FromDishka[Registering]
) -> VerificationRequired:
    return await registering.resend(data)


@post("/auth/verify-email", opt={**_AUTH, "example": _CONFIRMS}, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_code", "invalid_credentials", "quota_exceeded"),
      description=SigningIn.with_code.__doc__)  # fmt: skip
async def verify_email(data: JSONBody[VerifyEmail], signing_in: FromDishka[SigningIn]) -> SignedIn:
    return await signing_in.with_code(data)


@post("/auth/login", opt={**_LOGIN, "example": _CREDENTIALS}, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_credentials", "email_not_verified", "two_factor_required", "invalid_code",
                         "account_suspended"),
      description=SigningIn.with_password.__doc__)  # fmt: skip
async def login(data: JSONBody[LogIn], signing_in: FromDishka[SigningIn]) -> SignedIn:
    return await signing_in.with_password(data)


@get("/auth/me", tags=["Identity"], description=WhoAmI.identity.__doc__)
async def who_am_i(who: FromDishka[WhoAmI]) -> OwnIdentity:
    return await who.identity()


IDENTITY_ROUTES: Sequence[ControllerRouterHandler] = (register, resend_verification, verify_email, login, who_am_i)
