"""Sessions over HTTP: carried on, listed, ended, and taken to another tenant."""

from collections.abc import Sequence
from typing import Annotated

from dishka.integrations.litestar import FromDishka
from litestar import delete, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler

from api.parameters import Id
from api.problems import problems
from domains.identity import (
    Refresh,
    Renewing,
    SessionKeeping,
    SessionList,
    SignedIn,
    Switching,
    SwitchTenant,
    TokenPair,
)
from domains.shared.limits import LimitName

_REFRESH = {"public": True, "limit": LimitName.LOGIN}
_ONCE = {"repeatable": False}

Everywhere = Annotated[bool, QueryParameter(name="all")]


@post("/auth/refresh", opt=_REFRESH, tags=["Sessions"], status_code=HTTP_200_OK,
      responses=problems("invalid_token", "account_suspended"), description=Renewing.refresh.__doc__)  # fmt: skip
async def refresh_session(data: JSONBody[Refresh], renewing: FromDishka[Renewing]) -> TokenPair:
    return await renewing.refresh(data)


@post("/auth/logout", opt=_ONCE, tags=["Sessions"], status_code=HTTP_204_NO_CONTENT,
      description=SessionKeeping.log_out.__doc__)  # fmt: skip
async def log_out(keeping: FromDishka[SessionKeeping], everywhere: Everywhere = False) -> None:
    await keeping.log_out(everywhere=everywhere)


@get("/auth/sessions", tags=["Sessions"], description=SessionKeeping.all.__doc__)
async def list_sessions(keeping: FromDishka[SessionKeeping]) -> SessionList:
    return await keeping.all()


@delete("/auth/sessions/{session_id:str}", tags=["Sessions"], description=SessionKeeping.end.__doc__)
async def end_session(session_id: Id, keeping: FromDishka[SessionKeeping]) -> None:
    await keeping.end(session_id)


@post("/auth/switch-tenant", opt=_ONCE, tags=["Sessions"], status_code=HTTP_200_OK,
      responses=problems("not_found", "account_suspended"), description=Switching.switch.__doc__)  # fmt: skip
async def switch_tenant(data: JSONBody[SwitchTenant], switching: FromDishka[Switching]) -> SignedIn:
    return await switching.switch(data)


SESSION_ROUTES: Sequence[ControllerRouterHandler] = (
    refresh_session,
    log_out,
    list_sessions,
    end_session,
    switch_tenant,
)
