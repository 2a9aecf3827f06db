"""Second factors over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler

from api.problems import problems
from domains.credentials import (
    ConfirmTwoFactor,
    EnableTwoFactor,
    KeepingTwoFactor,
    ProveAgain,
    SettingUpTwoFactor,
    TwoFactorEnrolment,
)
from domains.identity import RecoveryCodes
from domains.shared.limits import LimitName

_SIGNED_IN = {"limit": LimitName.AUTH, "repeatable": False}
_BEGINS = {**_SIGNED_IN, "example": {"method": "totp", "password": "Correct-Horse-7"}}


@post("/auth/2fa/enable", opt=_BEGINS, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_credentials", "feature_disabled", "conflict"),
      description=SettingUpTwoFactor.enable.__doc__)  # fmt: skip
async def enable_two_factor(
    data: JSONBody[EnableTwoFactor], setting_up: FromDishka[SettingUpTwoFactor]
) -> TwoFactorEnrolment:
    return await setting_up.enable(data)


@post("/auth/2fa/confirm", opt=_SIGNED_IN, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_code", "conflict"), description=SettingUpTwoFactor.confirm.__doc__)  # fmt: skip
async def confirm_two_factor(
    data: JSONBody[ConfirmTwoFactor], setting_up: FromDishka[SettingUpTwoFactor]
) -> RecoveryCodes:
    return await setting_up.confirm(data)


@post("/auth/2fa/disable", opt=_SIGNED_IN, tags=["Identity"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("invalid_code", "invalid_credentials", "conflict"),
      description=KeepingTwoFactor.disable.__doc__)  # fmt: skip
async def disable_two_factor(data: JSONBody[ProveAgain], keeping: FromDishka[KeepingTwoFactor]) -> None:
    await keeping.disable(data)


@post("/auth/2fa/recovery-codes", opt=_SIGNED_IN, tags=["Identity"], status_code=HTTP_200_OK,
      responses=problems("invalid_code", "invalid_credentials", "conflict"),
      description=KeepingTwoFactor.renew_codes.__doc__)  # fmt: skip
async def renew_recovery_codes(data: JSONBody[ProveAgain], keeping: FromDishka[KeepingTwoFactor]) -> RecoveryCodes:
    return await keeping.renew_codes(data)


TWO_FACTOR_ROUTES: Sequence[ControllerRouterHandler] = (
    enable_two_factor,
    confirm_two_factor,
    disable_two_factor,
    renew_recovery_codes,
)
