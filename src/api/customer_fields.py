"""Custom fields of customers over HTTP."""

from collections.abc import Sequence

from dishka.integrations.litestar import FromDishka
from litestar import Response, delete, get, patch, post
from litestar.params import JSONBody
from litestar.types import ControllerRouterHandler

from api.etag import IfMatch, created, expected_versions, tagged
from api.parameters import Id
from api.problems import problems
from domains.customers import (
    ChangeField,
    CustomFieldQueries,
    CustomFieldsView,
    CustomFieldView,
    DefineField,
    FieldKeeping,
)

_DEFINES = {"key": "size", "label": "Size of the house", "type": "choice", "choices": ["small", "large"]}


@get("/customers/fields", tags=["Customers"])
async def list_customer_fields(query: FromDishka[CustomFieldQueries]) -> CustomFieldsView:
    """List the custom fields of the business, by key."""
    return await query.all()


@post("/customers/fields", tags=["Customers"], opt={"example": _DEFINES},
      responses=problems("already_exists", "conflict"), description=FieldKeeping.define.__doc__)  # fmt: skip
async def define_customer_field(
    data: JSONBody[DefineField], keeping: FromDishka[FieldKeeping]
) -> Response[CustomFieldView]:
    field = await keeping.define(data)
    return created(CustomFieldView.of(field), location="/api/v1/customers/fields")


@patch("/customers/fields/{field_id:str}", tags=["Customers"], description=FieldKeeping.change.__doc__)
async def change_customer_field(
    field_id: Id, data: JSONBody[ChangeField], keeping: FromDishka[FieldKeeping], if_match: IfMatch = None
) -> Response[CustomFieldView]:
    return tagged(CustomFieldView.of(await keeping.change(field_id, data, expected=expected_versions(if_match))))


@delete("/customers/fields/{field_id:str}", tags=["Customers"], description=FieldKeeping.remove.__doc__)
async def remove_customer_field(field_id: Id, keeping: FromDishka[FieldKeeping], if_match: IfMatch = None) -> None:
    await keeping.remove(field_id, expected=expected_versions(if_match))


CUSTOMER_FIELD_ROUTES: Sequence[ControllerRouterHandler] = (
    list_customer_fields,
    define_customer_field,
    change_customer_field,
    remove_customer_field,
)
