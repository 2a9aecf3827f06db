"""Invitations over HTTP: made, listed, sent again and revoked by admins; accepted by whoever was invited."""

from collections.abc import Sequence
from typing import Annotated

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.authentication import visitor_of
from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, LinkInPath
from api.problems import problems
from domains.identity import AccessTokens, LiveSessions, SignedIn
from domains.invitations import (
    AcceptingInvitations,
    AcceptInvitation,
    InvitationQueries,
    InvitationStatus,
    InvitationView,
    Invite,
    Inviting,
)
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.limits import LimitName

StatusFilter = Annotated[InvitationStatus | None, QueryParameter(name="status")]

_ACCEPTS = {"displayName": "Ada Lovelace", "password": "Correct-Horse-7"}
_OPEN = {"public": True, "limit": LimitName.AUTH, "example": _ACCEPTS}


@post("/admin/invitations", tags=["Invitations"], responses=problems("already_exists", "quota_exceeded"),
      description=Inviting.invite.__doc__)  # fmt: skip
async def create_invitation(
    data: JSONBody[Invite], inviting: FromDishka[Inviting], clock: FromDishka[Clock]
) -> Response[InvitationView]:
    made = await inviting.invite(data)
    return created(InvitationView.of(made, now=clock.now()), location=f"/api/v1/admin/invitations/{made.id}")


@get("/admin/invitations", tags=["Invitations"])
async def list_invitations(
    asker: FromDishka[Actor],
    query: FromDishka[InvitationQueries],
    cursors: FromDishka[Cursors],
    status: StatusFilter = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[InvitationView]:
    """List the tenant's invitations, newest first."""
    listing = Listing.of("listInvitations", asker, sort="-createdAt", status=status)
    page = await query.page(status, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@post("/admin/invitations/{invitation_id:str}/resend", opt={"limit": LimitName.AUTH}, tags=["Invitations"],
      status_code=HTTP_200_OK, responses=problems("conflict", "quota_exceeded"),
      description=Inviting.resend.__doc__)  # fmt: skip
async def resend_invitation(
    invitation_id: Id, inviting: FromDishka[Inviting], clock: FromDishka[Clock]
) -> Response[InvitationView]:
    return tagged(InvitationView.of(await inviting.resend(invitation_id), now=clock.now()))


@delete("/admin/invitations/{invitation_id:str}", tags=["Invitations"], responses=problems("conflict"),
        description=Inviting.revoke.__doc__)  # fmt: skip
async def revoke_invitation(invitation_id: Id, inviting: FromDishka[Inviting], if_match: IfMatch = None) -> None:
    await inviting.revoke(invitation_id, expected=expected_versions(if_match))


@post("/auth/invitations/{token:str}/accept", opt=_OPEN, tags=["Invitations"],
      status_code=HTTP_200_OK, description=AcceptingInvitations.accept.__doc__,
      responses=problems("invalid_token", "invalid_code", "invalid_credentials", "two_factor_required", "forbidden",
                         "already_exists", "expired", "unauthenticated", "token_expired",
                         "quota_exceeded"))  # fmt: skip
async def accept_invitation(
    token: LinkInPath,
    data: JSONBody[AcceptInvitation],
    request: Request,  # type: ignore[type-arg]  # the framework knows it by its bare type
    accepting: FromDishka[AcceptingInvitations],
    tokens: FromDishka[AccessTokens],
    sessions: FromDishka[LiveSessions],
) -> SignedIn:
    visitor = await visitor_of(request.scope, tokens, sessions)
    return await accepting.accept(token, data, visitor)


INVITATION_ROUTES: Sequence[ControllerRouterHandler] = (
    create_invitation,
    list_invitations,
    resend_invitation,
    revoke_invitation,
    accept_invitation,
)
