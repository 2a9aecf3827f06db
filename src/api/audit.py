"""The audit log over HTTP."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, get
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.csv_text import MEDIA_TYPE, Cell, asks_for_csv, csv_answer
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, IncludeTotal, Limit
from api.periods import From, Period, To, period
from domains.audit import AuditEntryView, AuditFilter, AuditQueries, VerificationView
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone
from domains.shared.paging import Page, PageRequest

Sort = Annotated[Literal["occurredAt", "-occurredAt"], QueryParameter()]
ActorFilter = Annotated[UUID | None, QueryParameter(name="actor")]
ActionFilter = Annotated[Annotated[str, Meta(min_length=1, max_length=64)] | None, QueryParameter(name="action")]
SubjectFilter = Annotated[UUID | None, QueryParameter(name="subject")]

_ROWS_AT_ONCE = 500
_COLUMNS = (
    "number", "occurredAt", "actorId", "actorName", "action", "subjectId", "requestId", "ip", "agent", "changes",
    "erased", "hash", "id", "apiKeyId",
)  # fmt: skip
_AS_CSV = {MEDIA_TYPE: ",".join(_COLUMNS) + "\r\n"}


@get("/admin/audit-log", tags=["Audit"], opt={"also": _AS_CSV})
async def list_audit_log(
    request: Request[Any, Any, Any],
    asker: FromDishka[Actor],
    query: FromDishka[AuditQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: Sort = "-occurredAt",
    actor: ActorFilter = None,
    action: ActionFilter = None,
    subject: SubjectFilter = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> Response[ListOf[AuditEntryView]]:
    """Read the audit log of the business, newest first: who did what, when, from where, and what it was before.

    With `Accept: text/csv` all entries from there on come in one file, streamed.
    """
    when = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = AuditFilter(
        actor=actor, action=action, subject=subject, occurred_from=when.start, occurred_before=when.end
    )
    listing = Listing.of("listAuditLog", asker, sort=sort, filters=wanted)
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    page = await query.page(wanted, ask)
    as_file = asks_for_csv(request)
    return _as_csv(query, wanted, ask, page) if as_file else Response(cursors.shown(listing, page))


@get("/admin/audit-log/verify", tags=["Audit"])
async def verify_audit_log(query: FromDishka[AuditQueries]) -> VerificationView:
    """Prove that the audit log is as it was sealed, or name the first entry that is not.

    Every entry's hash is worked out anew from what is stored, in the order of the numbers.
    """
    return await query.verify()


AUDIT_ROUTES: Sequence[ControllerRouterHandler] = (list_audit_log, verify_audit_log)


def _as_csv(query: AuditQueries, wanted: AuditFilter, ask: PageRequest, page: Page[AuditEntryView]) -> Response[Any]:
    return csv_answer("audit-log.csv", _COLUMNS, _rows(query, wanted, ask, page))


async def _rows(
    query: AuditQueries, wanted: AuditFilter, ask: PageRequest, page: Page[AuditEntryView]
) -> AsyncIterator[Sequence[Cell]]:
    while True:
        for entry in page.items:
            yield _row(entry)
        if page.next is None:
            return
        more = msgspec.structs.replace(ask, limit=_ROWS_AT_ONCE, after=page.next, include_total=False)
        page = await query.page(wanted, more)


def _row(entry: AuditEntryView) -> Sequence[Cell]:
    shown = msgspec.to_builtins(entry)
    changes = msgspec.json.encode(entry.changes).decode()
    return [changes if name == "changes" else shown[name] for name in _COLUMNS]
