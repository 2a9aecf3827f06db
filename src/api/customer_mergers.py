"""Customers who are the same, over HTTP; and the end of what is kept about one."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, get, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, expected_versions, tagged
from api.parameters import Id
from api.problems import problems
from domains.customers import CustomerQueries, CustomerView, DuplicatesView, MergeCustomer, Merging, Removal


@get("/customers/{customer_id:str}/duplicates", tags=["Customers"])
async def list_duplicates(customer_id: Id, query: FromDishka[CustomerQueries]) -> DuplicatesView:
    """List the other customers who have one of the customer's e-mail addresses or phone numbers."""
    return await query.duplicates(customer_id)


@post("/customers/{customer_id:str}/merge", tags=["Customers"], status_code=HTTP_200_OK,
      responses=problems("conflict", "customer_merged"), description=Merging.merge.__doc__)  # fmt: skip
async def merge_customer(
    customer_id: Id, data: JSONBody[MergeCustomer], merging: FromDishka[Merging], if_match: IfMatch = None
) -> Response[CustomerView]:
    return tagged(CustomerView.of(await merging.merge(customer_id, data, expected=expected_versions(if_match))))


@post("/customers/{customer_id:str}/unmerge", tags=["Customers"], status_code=HTTP_200_OK,
      responses=problems("conflict", "customer_merged", "deadline_passed"),
      description=Merging.unmerge.__doc__)  # fmt: skip
async def unmerge_customer(customer_id: Id, merging: FromDishka[Merging]) -> Response[CustomerView]:
    return tagged(CustomerView.of(await merging.unmerge(customer_id)))


@post("/customers/{customer_id:str}/erase", tags=["Customers"], status_code=HTTP_204_NO_CONTENT,
      responses=problems("customer_merged"), description=Removal.erase.__doc__)  # fmt: skip
async def erase_customer(customer_id: Id, removal: FromDishka[Removal], if_match: IfMatch = None) -> None:
    await removal.erase(customer_id, expected=expected_versions(if_match))


CUSTOMER_MERGER_ROUTES: Sequence[ControllerRouterHandler] = (
    list_duplicates,
    merge_customer,
    unmerge_customer,
    erase_customer,
)
