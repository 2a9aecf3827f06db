"""Customers over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Literal

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler
from msgspec import Meta

from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import CursorText, Id, IncludeTotal, Limit, SearchText
from api.periods import From, Period, To, period
from api.problems import problems
from domains.customers import (
    ChangeCustomer,
    CreateCustomer,
    CustomerFilter,
    CustomerQueries,
    CustomerView,
    RecordKeeping,
    Removal,
    TagsView,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone

Sort = Annotated[Literal["createdAt", "-createdAt", "name", "-name"] | None, QueryParameter()]
TagFilter = Annotated[Annotated[str, Meta(min_length=1, max_length=50)] | None, QueryParameter(name="tag")]
SourceFilter = Annotated[Annotated[str, Meta(min_length=1, max_length=100)] | None, QueryParameter(name="source")]
LanguageFilter = Annotated[Annotated[str, Meta(min_length=2, max_length=35)] | None, QueryParameter(name="language")]
HasEmail = Annotated[bool | None, QueryParameter(name="hasEmail")]
HasPhone = Annotated[bool | None, QueryParameter(name="hasPhone")]
Archived = Annotated[bool, QueryParameter()]
Permanently = Annotated[bool, QueryParameter()]


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
    search: SearchText = None,
    sort: Sort = None,
    tag: TagFilter = None,
    source: SourceFilter = None,
    language: LanguageFilter = None,
    has_email: HasEmail = None,
    has_phone: HasPhone = None,
    archived: Archived = False,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[CustomerView]:
    """List the customers of the business: newest first, or with `search` the best fitting first.

    - `search` is met by whoever has, for each of its words, a word that begins so, in anything that is kept: names,
      e-mail addresses, addresses, tags, notes, custom fields. One letter of a name may differ. The parts of a phone
      number are found however they are written.
    - `from` and `to` are about the creation of the record.
    - Archived customers are in a list of their own, merged ones in none.
    """
    created_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = CustomerFilter(search=search, archived=archived, tag=tag, source=source, language=language,
                            has_email=has_email, has_phone=has_phone, created_from=created_in.start,
                            created_before=created_in.end)  # fmt: skip
    listing = Listing.of("listCustomers", asker, sort=sort or wanted.natural_sort, filters=wanted)
    page = await query.page(wanted, cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
    return cursors.shown(listing, page)


@get("/customers/tags", tags=["Customers"])
async def list_customer_tags(query: FromDishka[CustomerQueries]) -> TagsView:
    """List the tags of current customers, the most frequent first."""
    return await query.tags()


@get("/customers/{customer_id:str}", tags=["Customers"])
async def get_customer(customer_id: Id, query: FromDishka[CustomerQueries]) -> Response[CustomerView]:
    """Show one customer, archived or not."""
    return tagged(await query.one(customer_id))


@patch("/customers/{customer_id:str}", tags=["Customers"], responses=problems("customer_merged"),
       description=RecordKeeping.change.__doc__)  # fmt: skip
async def change_customer(
    customer_id: Id, data: JSONBody[ChangeCustomer], records: FromDishka[RecordKeeping], if_match: IfMatch = None
) -> Response[CustomerView]:
    customer = await records.change(customer_id, data, expected=expected_versions(if_match))
    return tagged(CustomerView.of(customer))


@delete("/customers/{customer_id:str}", tags=["Customers"], responses=problems("customer_in_use", "customer_merged"))
async def archive_customer(
    customer_id: Id,
    records: FromDishka[RecordKeeping],
    removal: FromDishka[Removal],
    permanently: Permanently = False,
    if_match: IfMatch = None,
) -> None:
    """Archive a customer; with `permanently`, delete a record that nothing refers to, for good.

    - The archived record stays readable by its id and leaves the list of current customers.
    - Archiving one that is archived already changes nothing.
    - What is deleted permanently is gone with its timeline. Where anything refers to the customer, a note or another
      customer too, it is `customer_in_use`. It needs `customers:erase`.
    """
    take_away = removal.delete if permanently else records.archive
    await take_away(customer_id, expected=expected_versions(if_match))


@post("/customers/{customer_id:str}/restore", tags=["Customers"], status_code=HTTP_200_OK,
      responses=problems("customer_merged", "quota_exceeded"), description=RecordKeeping.restore.__doc__)  # fmt: skip
async def restore_customer(customer_id: Id, records: FromDishka[RecordKeeping]) -> Response[CustomerView]:
    return tagged(CustomerView.of(await records.restore(customer_id)))


CUSTOMER_ROUTES: Sequence[ControllerRouterHandler] = (
    create_customer,
    list_customers,
    list_customer_tags,
    get_customer,
    change_customer,
    archive_customer,
    restore_customer,
)
