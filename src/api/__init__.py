'''HTTP in, use cases out.

A handler parses, runs one use case or query, and answers, in at most ten lines:

    @patch("/customers/{customer_id:str}", tags=["Customers"], responses=problems("already_exists"),
           description=RecordKeeping.change.__doc__)
    async def change_customer(
        customer_id: Id, data: JSONBody[ChangeCustomer], keeping: FromDishka[RecordKeeping], if_match: IfMatch = None
    ) -> Response[CustomerView]:
        return tagged(await keeping.change(customer_id, data, expected=expected_versions(if_match)))

    @get("/customers", tags=["Customers"])
    async def list_customers(
        asker: FromDishka[Actor], query: FromDishka[CustomerList], cursors: FromDishka[Cursors],
        sort: Annotated[Literal["createdAt", "-createdAt"], QueryParameter()] = "-createdAt",
        search: SearchText = None, limit: Limit = 20, cursor: CursorText = None, include_total: IncludeTotal = False,
    ) -> ListOf[CustomerView]:
        """List the customers of the business, newest first."""
        listing = Listing.of("listCustomers", asker, sort=sort, search=search)
        page = await query.page(cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total))
        return cursors.shown(listing, page)

What the edge does for every handler, so that none has to:

- A body is `data: JSONBody[SomeCommand]` (`domains.shared.wire.Command`), an answer is a `View`.
- Parameters say where they come from (`Id`, `Limit`, `FromQuery[...]`, `QueryParameter(name="camelCase")`); their
  `msgspec.Meta` holds. An id in a path is `{customer_id:str}` with the type `Id`: what is no id is `not_found`.
- Use cases raise `DomainError`; `api.errors` knows the status. `responses=problems(...)` names the codes that do not
  follow from parameters, body and credential already.
- `opt={"public": True}` marks what needs no credential.
- The function's name is the operation id, in camelCase; its docstring, or `description=`, is the text.
'''
