"""Customers over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit
from api.periods import From, Period, To, period
from api.problems import problems
from domains.customers import (
    ChangeCustomer,
    CreateCustomer,
    CustomerFilter,
    CustomerQueries,
    CustomerView,
    RecordKeeping,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone

Sort = Annotated[Literal["createdAt", "-createdAt", "name", "-name"], QueryParameter()]
TagFilter = Annotated[Annotated[str, Meta(min_length=1, max_length=50)] | None, QueryParameter(name="tag")]
Archived = Annotated[bool, QueryParameter()]


@post("/customers", tags=["Customers"], responses=problems("quota_exceeded"), description=RecordKeeping.create.__doc__)
async def create_customer(data: JSONBody[CreateCustomer], records: FromDishka[RecordKeeping]) -> Response[CustomerView]:
    customer = await records.create(data)
    return created(CustomerView.of(customer), location=f"/api/v1/customers/{customer.id}")


@get("/customers", tags=["Customers"])
async def list_customers(
    asker: FromDishka[Actor],
    query: FromDishka[CustomerQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: Sort = "-createdAt",
    tag: TagFilter = None,
    archived: Archived = False,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[CustomerView]:
    """List the customers of the business, newest first.

    `from` and `to` are about the creation of the record. Archived customers are in a list of their own.
    """
    created_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = CustomerFilter(archived=archived, tag=tag, created_from=created_in.start, created_before=created_in.end)
    listing = Listing.of("listCustomers", asker, sort=sort, tag=tag, archived=archived, begin=begin, end=end)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get("/customers/{customer_id:str}", tags=["Customers"])
async def get_customer(customer_id: Id, query: FromDishka[CustomerQueries]) -> Response[CustomerView]:
    """Show one customer, archived or not."""
    return tagged(await query.one(customer_id))


@patch("/customers/{customer_id:str}", tags=["Customers"], description=RecordKeeping.change.__doc__)
async def change_customer(
    customer_id: Id, data: JSONBody[ChangeCustomer], records: FromDishka[RecordKeeping], if_match: IfMatch = None
) -> Response[CustomerView]:
    customer = await records.change(customer_id, data, expected=expected_versions(if_match))
    return tagged(CustomerView.of(customer))


@delete("/customers/{customer_id:str}", tags=["Customers"], description=RecordKeeping.archive.__doc__)
async def archive_customer(customer_id: Id, records: FromDishka[RecordKeeping], if_match: IfMatch = None) -> None:
    await records.archive(customer_id, expected=expected_versions(if_match))


CUSTOMER_ROUTES: Sequence[ControllerRouterHandler] = (
    create_customer,
    list_customers,
    get_customer,
    change_customer,
    archive_customer,
)
