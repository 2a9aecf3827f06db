"""Statements of customers' accounts and receipts over HTTP."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from dishka.integrations.litestar import FromDishka
from litestar import Response, get
from litestar.params import QueryParameter
from litestar.types import ControllerRouterHandler

from api.document_files import PDF, paper
from api.parameters import Id
from api.problems import problems
from domains.payments import ReceiptPrinting, StatementPrinting, Statements, StatementTerms, StatementView
from domains.shared.fields import CurrencyCode

Begin = Annotated[date | None, QueryParameter(name="from")]
End = Annotated[date | None, QueryParameter(name="to")]
Currency = Annotated[CurrencyCode | None, QueryParameter(name="currency")]


@get("/customers/{customer_id:str}/statement", tags=["Payments"], description=Statements.show.__doc__)
async def get_statement(
    customer_id: Id,
    statements: FromDishka[Statements],
    currency: Currency = None,
    begin: Begin = None,
    end: End = None,
) -> StatementView:
    return await statements.show(customer_id, StatementTerms(currency, begin, end))


@get("/customers/{customer_id:str}/statement/pdf", tags=["Payments"], media_type=PDF, opt={"file": PDF},
     description=StatementPrinting.pdf.__doc__)  # fmt: skip
async def get_statement_pdf(
    customer_id: Id,
    printing: FromDishka[StatementPrinting],
    currency: Currency = None,
    begin: Begin = None,
    end: End = None,
) -> Response[bytes]:
    return paper(await printing.pdf(customer_id, StatementTerms(currency, begin, end)))


@get("/payments/{payment_id:str}/receipt", tags=["Payments"], media_type=PDF, opt={"file": PDF},
     responses=problems("conflict"), description=ReceiptPrinting.pdf.__doc__)  # fmt: skip
async def get_receipt(payment_id: Id, printing: FromDishka[ReceiptPrinting]) -> Response[bytes]:
    return paper(await printing.pdf(payment_id))


STATEMENT_ROUTES: Sequence[ControllerRouterHandler] = (get_statement, get_statement_pdf, get_receipt)
