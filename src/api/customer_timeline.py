"""Notes about customers, and their timelines, over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler

from api.etag import created
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit
from domains.customers import AddNote, CustomerNoteView, NoteTaking, TimelineEntryView, TimelineQueries
from domains.shared.actor import Actor

Sort = Annotated[Literal["occurredAt", "-occurredAt"], QueryParameter()]


@post("/customers/{customer_id:str}/notes", tags=["Customers"], description=NoteTaking.add.__doc__)
async def add_customer_note(
    customer_id: Id, data: JSONBody[AddNote], notes: FromDishka[NoteTaking]
) -> Response[CustomerNoteView]:
    note = await notes.add(customer_id, data)
    return created(CustomerNoteView.of(note), location=f"/api/v1/customers/{note.customer_id}/timeline")


@get("/customers/{customer_id:str}/timeline", tags=["Customers"])
async def list_customer_timeline(
    customer_id: Id,
    asker: FromDishka[Actor],
    query: FromDishka[TimelineQueries],
    cursors: FromDishka[Cursors],
    sort: Sort = "-occurredAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[TimelineEntryView]:
    """List all that concerns a customer, newest first."""
    listing = Listing.of("listCustomerTimeline", asker, sort=sort, customer=customer_id)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.page(customer_id, wanted))


CUSTOMER_TIMELINE_ROUTES: Sequence[ControllerRouterHandler] = (add_customer_note, list_customer_timeline)
