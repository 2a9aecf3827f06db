"""Quotes over HTTP."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

from dishka.integrations.litestar import FromDishka
from litestar import Request, Response, delete, get, patch, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from api.csv_text import asks_for_csv
from api.document_files import PDF, also_csv, columns_of, documents_csv, paper
from api.etag import IfMatch, created, expected_versions, tagged
from api.paging import Cursors, Listing, ListOf
from api.parameters import ByCreation, CursorText, Id, IncludeTotal, Limit, LinkInPath, OfCustomer, SearchText
from api.periods import From, Period, To, period
from api.problems import already, problems
from domains.quotes import (
    AcceptQuote,
    Answering,
    ChangeQuote,
    ChangeQuoteStatus,
    CreateQuote,
    Deciding,
    Offering,
    OfferPrinting,
    OfferView,
    Quote,
    QuoteDrafting,
    QuoteFilter,
    QuoteLinks,
    QuotePrinting,
    QuoteQueries,
    QuoteStatus,
    QuoteView,
    RejectQuote,
    Revising,
)
from domains.shared.actor import Actor
from domains.shared.clock import TenantZone

StatusFilter = Annotated[QuoteStatus | None, QueryParameter(name="status")]


_ANSWERS = {"public": True, "repeatable": True}
_COLUMNS = columns_of(
    QuoteView, "number", "status", "customer_id", "currency", "subtotal", "discount_total", "tax_total", "total",
    "deposit_amount", "valid_until", "sent_at", "accepted_at", "rejected_at", "created_at", "id",
)  # fmt: skip
_ACCEPTS = {"name": "Ada Lovelace", "signature": "Ada Lovelace"}
_ITEM = {"description": "Replace the kitchen tap", "quantity": "1.5", "unitPrice": 12500, "taxRate": "8.875"}
_DRAFTS = {
    "customerId": "0192f0c1-2b3c-7d4e-8f50-617283940a1b",
    "items": [_ITEM],
    "deposit": {"percent": "30"},
    "validUntil": "2999-12-31",
}
_CHANGES = {"items": [_ITEM], "discount": {"percent": "10"}, "notes": "The water is off from nine to ten."}


@post("/quotes", opt={"example": _DRAFTS}, tags=["Quotes"], responses=problems("not_found"),
      description=QuoteDrafting.create.__doc__)  # fmt: skip
async def create_quote(
    data: JSONBody[CreateQuote], drafting: FromDishka[QuoteDrafting], links: FromDishka[QuoteLinks]
) -> Response[QuoteView]:
    quote = await drafting.create(data)
    return created(_shown(quote, links), location=f"/api/v1/quotes/{quote.id}")


@get("/quotes", tags=["Quotes"], opt={"also": also_csv(_COLUMNS)})
async def list_quotes(
    request: Request[Any, Any, Any],
    asker: FromDishka[Actor],
    query: FromDishka[QuoteQueries],
    tenant: FromDishka[TenantZone],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    status: StatusFilter = None,
    customer: OfCustomer = None,
    search: SearchText = None,
    begin: From = None,
    end: To = None,
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> Response[ListOf[QuoteView]]:
    """List the quotes of the business, newest first.

    `from` and `to` are about the day on which they were drafted. `search` wants each of its words in the number, the
    items, the notes or the terms, or finds the customer. With `Accept: text/csv` all quotes from there on come in one
    file, streamed, with amounts in the whole unit of their currency.
    """
    made_in = period(begin, end, await tenant.zone()) if begin or end else Period()
    wanted = QuoteFilter(status=status, customer_id=customer, search=search,
                         created_from=made_in.start, created_before=made_in.end)  # fmt: skip
    listing = Listing.of("listQuotes", asker, sort=sort, status=status, customer=customer, search=search, begin=begin,
                         end=end)  # fmt: skip
    ask = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    page = await query.page(wanted, ask)
    if asks_for_csv(request):
        return documents_csv("quotes", _COLUMNS, page, ask, partial(query.page, wanted))
    return Response(cursors.shown(listing, page))


@get("/quotes/{quote_id:str}", tags=["Quotes"])
async def get_quote(quote_id: Id, query: FromDishka[QuoteQueries]) -> Response[QuoteView]:
    """Show one quote."""
    return tagged(await query.one(quote_id))


@patch("/quotes/{quote_id:str}", opt={"example": _CHANGES}, tags=["Quotes"], responses=problems("invalid_transition"),
       description=QuoteDrafting.change.__doc__)  # fmt: skip
async def change_quote(
    quote_id: Id,
    data: JSONBody[ChangeQuote],
    drafting: FromDishka[QuoteDrafting],
    links: FromDishka[QuoteLinks],
    if_match: IfMatch = None,
) -> Response[QuoteView]:
    return tagged(_shown(await drafting.change(quote_id, data, expected=expected_versions(if_match)), links))


@delete("/quotes/{quote_id:str}", tags=["Quotes"], responses=problems("invalid_transition"),
        description=QuoteDrafting.delete.__doc__)  # fmt: skip
async def delete_quote(quote_id: Id, drafting: FromDishka[QuoteDrafting], if_match: IfMatch = None) -> None:
    await drafting.delete(quote_id, expected=expected_versions(if_match))


@patch("/quotes/{quote_id:str}/status", opt={"example": {"status": "sent"}}, tags=["Quotes"],
       responses=problems("already_exists", "invalid_transition", "deadline_passed"),
       description=Deciding.move.__doc__)  # fmt: skip
async def change_quote_status(
    quote_id: Id,
    data: JSONBody[ChangeQuoteStatus],
    deciding: FromDishka[Deciding],
    links: FromDishka[QuoteLinks],
    if_match: IfMatch = None,
) -> Response[QuoteView]:
    return tagged(_shown(await deciding.move(quote_id, data, expected=expected_versions(if_match)), links))


@post("/quotes/{quote_id:str}/send", tags=["Quotes"], status_code=HTTP_200_OK,
      responses=problems("already_exists", "conflict", "invalid_transition", "deadline_passed"),
      description=Offering.send.__doc__)  # fmt: skip
async def send_quote(
    quote_id: Id, offering: FromDishka[Offering], links: FromDishka[QuoteLinks]
) -> Response[QuoteView]:
    return tagged(_shown(await offering.send(quote_id), links))


@post("/quotes/{quote_id:str}/revise", tags=["Quotes"], responses=problems("invalid_transition") | already(QuoteView),
      description=Revising.revise.__doc__)  # fmt: skip
async def revise_quote(
    quote_id: Id, revising: FromDishka[Revising], links: FromDishka[QuoteLinks]
) -> Response[QuoteView]:
    done = await revising.revise(quote_id)
    shown = _shown(done.quote, links)
    return created(shown, location=f"/api/v1/quotes/{shown.id}") if done.is_new else tagged(shown, status_code=200)


@get("/quotes/{quote_id:str}/versions", tags=["Quotes"])
async def list_quote_versions(
    quote_id: Id,
    asker: FromDishka[Actor],
    query: FromDishka[QuoteQueries],
    cursors: FromDishka[Cursors],
    sort: ByCreation = "-createdAt",
    limit: Limit = 20,
    cursor: CursorText = None,
    include_total: IncludeTotal = False,
) -> ListOf[QuoteView]:
    """List a quote and all its earlier and later versions, newest first."""
    listing = Listing.of("listQuoteVersions", asker, sort=sort, quote=quote_id)
    wanted = cursors.wanted(listing, limit=limit, cursor=cursor, include_total=include_total)
    return cursors.shown(listing, await query.versions(quote_id, wanted))


@get("/quotes/{quote_id:str}/pdf", tags=["Quotes"], media_type=PDF, opt={"file": PDF},
     description=QuotePrinting.pdf.__doc__)  # fmt: skip
async def get_quote_pdf(quote_id: Id, printing: FromDishka[QuotePrinting]) -> Response[bytes]:
    return paper(await printing.pdf(quote_id))


@get("/public/quotes/{token:str}", opt={"public": True}, tags=["Quotes"], responses=problems("not_found", "expired"),
     description=Answering.show.__doc__)  # fmt: skip
async def show_offer(token: LinkInPath, answering: FromDishka[Answering]) -> OfferView:
    return await answering.show(token)


@get("/public/quotes/{token:str}/pdf", media_type=PDF, opt={"file": PDF, "public": True}, tags=["Quotes"],
     responses=problems("not_found", "expired"), description=OfferPrinting.pdf.__doc__)  # fmt: skip
async def get_offer_pdf(token: LinkInPath, printing: FromDishka[OfferPrinting]) -> Response[bytes]:
    return paper(await printing.pdf(token))


@post("/public/quotes/{token:str}/accept", opt={**_ANSWERS, "example": _ACCEPTS}, tags=["Quotes"],
      status_code=HTTP_200_OK,
      responses=problems("not_found", "conflict", "expired", "invalid_transition", "deadline_passed"),
      description=Answering.accept.__doc__)  # fmt: skip
async def accept_offer(token: LinkInPath, data: JSONBody[AcceptQuote], answering: FromDishka[Answering]) -> OfferView:
    return (await answering.accept(token, data)).offer


@post("/public/quotes/{token:str}/reject", opt={**_ANSWERS, "example": {"reason": "Too expensive"}},
      tags=["Quotes"], status_code=HTTP_200_OK, responses=problems("not_found", "expired", "invalid_transition"),
      description=Answering.reject.__doc__)  # fmt: skip
async def reject_offer(token: LinkInPath, data: JSONBody[RejectQuote], answering: FromDishka[Answering]) -> OfferView:
    return (await answering.reject(token, data)).offer


def _shown(quote: Quote, links: QuoteLinks) -> QuoteView:
    return QuoteView.of(quote, public_url=links.url(quote))


QUOTE_ROUTES: Sequence[ControllerRouterHandler] = (
    create_quote,
    list_quotes,
    get_quote,
    change_quote,
    delete_quote,
    change_quote_status,
    send_quote,
    revise_quote,
    list_quote_versions,
    get_quote_pdf,
    show_offer,
    get_offer_pdf,
    accept_offer,
    reject_offer,
)
