"""Passwords over HTTP: changing one's own, and resetting a forgotten one."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler

from api.problems import problems
from domains.identity import (
    ChangePassword,
    ChangingPasswords,
    ForgotPassword,
    MailOnItsWay,
    ResetPassword,
    ResettingPasswords,
)
from domains.shared.limits import LimitName

_PUBLIC = {"public": True, "limit": LimitName.AUTH}
_SIGNED_IN = {"limit": LimitName.AUTH, "repeatable": False}


@post("/auth/forgot-password", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_202_ACCEPTED,
      description=ResettingPasswords.forgot.__doc__)  # fmt: skip
async def forgot_password(data: JSONBody[ForgotPassword], resetting: FromDishka[ResettingPasswords]) -> MailOnItsWay:
    return await resetting.forgot(data)


@post("/auth/reset-password", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("invalid_token"), description=ResettingPasswords.reset.__doc__)  # fmt: skip
async def reset_password(data: JSONBody[ResetPassword], resetting: FromDishka[ResettingPasswords]) -> None:
    await resetting.reset(data)


@post("/auth/change-password", opt=_SIGNED_IN, tags=["Identity"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("invalid_credentials"), description=ChangingPasswords.change.__doc__)  # fmt: skip
async def change_password(data: JSONBody[ChangePassword], changing: FromDishka[ChangingPasswords]) -> None:
    await changing.change(data)


CREDENTIAL_ROUTES: Sequence[ControllerRouterHandler] = (forgot_password, reset_password, change_password)
