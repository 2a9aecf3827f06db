"""Passwords and addresses over HTTP: changing one's own, and resetting a password that was forgotten."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler

from api.problems import problems
from domains.credentials import (
    ChangeEmail,
    ChangePassword,
    ChangingEmail,
    ChangingPasswords,
    EmailChangeLink,
    EmailChangeView,
    FollowingEmailLinks,
    ForgotPassword,
    ResetPassword,
    ResettingPasswords,
)
from domains.identity import MailOnItsWay
from domains.shared.limits import LimitName

_PUBLIC = {"public": True, "limit": LimitName.AUTH}
_SIGNED_IN = {"limit": LimitName.AUTH, "repeatable": False}
_CHANGES_PASSWORD = {"currentPassword": "Correct-Horse-7", "newPassword": "Correct-Horse-8"}


@post("/auth/forgot-password", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_202_ACCEPTED,
      description=ResettingPasswords.forgot.__doc__)  # fmt: skip
async def forgot_password(data: JSONBody[ForgotPassword], resetting: FromDishka[ResettingPasswords]) -> MailOnItsWay:
    return await resetting.forgot(data)


@post("/auth/reset-password", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("invalid_token"), description=ResettingPasswords.reset.__doc__)  # fmt: skip
async def reset_password(data: JSONBody[ResetPassword], resetting: FromDishka[ResettingPasswords]) -> None:
    await resetting.reset(data)


@post("/auth/change-password", opt={**_SIGNED_IN, "example": _CHANGES_PASSWORD}, tags=["Identity"],
      status_code=HTTP_204_NO_CONTENT, responses=problems("invalid_credentials"),
      description=ChangingPasswords.change.__doc__)  # fmt: skip
async def change_password(data: JSONBody[ChangePassword], changing: FromDishka[ChangingPasswords]) -> None:
    await changing.change(data)


@post("/auth/change-email", opt=_SIGNED_IN, tags=["Identity"], status_code=HTTP_202_ACCEPTED,
      responses=problems("invalid_credentials", "two_factor_required", "invalid_code"),
      description=ChangingEmail.ask.__doc__)  # fmt: skip
async def change_email(data: JSONBody[ChangeEmail], changing: FromDishka[ChangingEmail]) -> MailOnItsWay:
    return await changing.ask(data)


@post("/auth/change-email/confirm", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_token"), description=FollowingEmailLinks.confirm.__doc__)  # fmt: skip
async def confirm_email_change(
    data: JSONBody[EmailChangeLink], links: FromDishka[FollowingEmailLinks]
) -> EmailChangeView:
    return await links.confirm(data)


@post("/auth/change-email/stop", opt=_PUBLIC, tags=["Identity"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("invalid_token"), description=FollowingEmailLinks.stop.__doc__)  # fmt: skip
async def stop_email_change(data: JSONBody[EmailChangeLink], links: FromDishka[FollowingEmailLinks]) -> None:
    await links.stop(data)


CREDENTIAL_ROUTES: Sequence[ControllerRouterHandler] = (
    forgot_password,
    reset_password,
    change_password,
    change_email,
    confirm_email_change,
    stop_email_change,
)
