"""Customers from files, and into them, over HTTP."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

import msgspec
from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.status_codes import HTTP_202_ACCEPTED
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.csv_text import MEDIA_TYPE, Cell, asks_for_csv, csv_answer
from api.customers import Archived, HasEmail, HasPhone, LanguageFilter, SourceFilter, TagFilter
from api.jobs import accepted
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.periods import From, Period, To, period
from api.uploads import sent_file, takes_file
from domains.customers import CustomerFilter
from domains.customers.exporting import CustomerExport
from domains.customers.importing import (
    MOST_BYTES,
    Duplicates,
    ImportFaultView,
    ImportReportQueries,
    Imports,
    ImportTerms,
)
from domains.jobs import JobView
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone
from domains.shared.limits import LimitName
from domains.shared.paging import Page, PageRequest

OnDuplicates = Annotated[Duplicates, QueryParameter()]
DryRun = Annotated[bool, QueryParameter(name="dryRun")]
Country = Annotated[str, Meta(min_length=2, max_length=2, pattern=r"^[A-Z]{2}$(?!\n)", examples=["US"])]
PhoneRegion = Annotated[Country | None, QueryParameter(name="phoneRegion")]

_FORM_BYTES = 64 * 1024
_EXAMPLE = "Name;E-mail;Phone;Tags\r\nAda Lovelace;ada@example.com;+1 212 555 0101;vip\r\n"
_TABLE = "id,name,company,emails,phones\r\n,Ada Lovelace,,ada@example.com,'+12125550101\r\n"
_REPORT_COLUMNS = ("line", "field", "code", "message")
_REPORT = {MEDIA_TYPE: "line,field,code,message\r\n17,E-mail,invalid_email,Expected an e-mail address.\r\n"}
_ROWS_AT_ONCE = 500


@post("/customers/import", tags=["Customers"], status_code=HTTP_202_ACCEPTED, description=Imports.begin.__doc__,
      request_max_body_size=MOST_BYTES + _FORM_BYTES,
      opt={"limit": LimitName.UPLOAD, "streamed": True, "takes": takes_file(_EXAMPLE, most=MOST_BYTES)})  # fmt: skip
async def import_customers(
    request: Request[Any, Any, Any],
    imports: FromDishka[Imports],
    duplicates: OnDuplicates = Duplicates.SKIP,
    dry_run: DryRun = False,
    phone_region: PhoneRegion = None,
) -> Response[JobView]:
    terms = ImportTerms(duplicates=duplicates, dry_run=dry_run, region=phone_region)
    return accepted(await imports.begin(terms, sent_file(request)))


@get("/customers/imports/{import_id:str}/faults", tags=["Customers"], opt={"also": _REPORT})
async def list_import_faults(
    import_id: Id,
    request: Request[Any, Any, Any],
    asker: FromDishka[Actor],
    query: FromDishka[ImportReportQueries],
    cursors: FromDishka[Cursors],
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> Response[ListOf[ImportFaultView]]:
    """Report what was wrong with the rows of an import, by line. It is kept for 30 days.

    With `Accept: text/csv` all of it comes in one file, streamed.
    """
    listing = Listing.of("listImportFaults", asker, sort="line", of=import_id)
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    page = await query.page(import_id, ask)
    if asks_for_csv(request):
        return csv_answer("import-faults.csv", _REPORT_COLUMNS, _report(query, import_id, ask, page))
    return Response(cursors.shown(listing, page))


@get("/customers/export", tags=["Customers"], media_type=MEDIA_TYPE, opt={"file": MEDIA_TYPE, "example": _TABLE},
     description=CustomerExport.open.__doc__)  # fmt: skip
async def export_customers(
    export: FromDishka[CustomerExport],
    tenant: FromDishka[TenantZone],
    search: SearchText = None,
    tag: TagFilter = None,
    source: SourceFilter = None,
    language: LanguageFilter = None,
    has_email: HasEmail = None,
    has_phone: HasPhone = None,
    archived: Archived = False,
    begin: From = None,
    end: To = None,
) -> Response[Any]:
    created_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = CustomerFilter(search=search, archived=archived, tag=tag, source=source, language=language,
                            has_email=has_email, has_phone=has_phone, created_from=created_in.start,
                            created_before=created_in.end)  # fmt: skip
    table = await export.open(wanted)
    return csv_answer("customers.csv", table.header, table.rows)


CUSTOMER_FILE_ROUTES: Sequence[ControllerRouterHandler] = (import_customers, list_import_faults, export_customers)


async def _report(
    query: ImportReportQueries, job: Id, ask: PageRequest, page: Page[ImportFaultView]
) -> AsyncIterator[Sequence[Cell]]:
    while True:
        for fault in page.items:
            yield msgspec.structs.astuple(fault)
        if page.next is None:
            return
        more = msgspec.structs.replace(ask, limit=_ROWS_AT_ONCE, after=page.next, include_total=False)
        page = await query.page(job, more)
