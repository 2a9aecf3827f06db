"""Lists of quotes and invoices as CSV, and papers as files."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec
from litestar import Response

from api.csv_text import MEDIA_TYPE, Cell, csv_answer
from domains.billing import Paper, in_units
from domains.shared.paging import Page, PageRequest
from domains.shared.wire import View

PDF = "application/pdf"
_ROWS_AT_ONCE = 200
_AMOUNTS = frozenset(
    {
        "subtotal",
        "discount_total",
        "tax_total",
        "total",
        "deposit_amount",
        "deposit_due",
        "amount_paid",
        "amount_credited",
        "amount_due",
    }
)
_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")

More = Callable[[PageRequest], Awaitable[Page[Any]]]


def columns_of(view: type[View], *wanted: str) -> Mapping[str, str]:
    """The header of the file: each wanted field of the view, by the name that it has on the wire."""
    shown = dict(zip(view.__struct_fields__, view.__struct_encode_fields__, strict=True))
    return MappingProxyType({name: shown[name] for name in wanted})


def also_csv(columns: Mapping[str, str]) -> dict[str, str]:
    """What the operation answers besides, for its OpenAPI entry."""
    return {MEDIA_TYPE: ",".join(columns.values()) + "\r\n"}


def documents_csv(
    name: str, columns: Mapping[str, str], page: Page[Any], request: PageRequest, more: More
) -> Response[Any]:
    """All documents from `page` on in one file, streamed. Amounts are in the whole unit of `currency`."""
    return csv_answer(f"{name}.csv", list(columns.values()), _rows(columns, page, request, more))


def paper(found: Paper) -> Response[bytes]:
    """A PDF, to be kept."""
    file = _NO_FILE_NAME.sub("-", found.name)
    headers = {"Content-Disposition": f'attachment; filename="{file}.pdf"', "Cache-Control": "private, no-store"}
    return Response(found.content, media_type=PDF, headers=headers)


async def _rows(
    columns: Mapping[str, str], page: Page[Any], request: PageRequest, more: More
) -> AsyncIterator[Sequence[Cell]]:
    while True:
        for document in page.items:
            yield [_cell(document, name) for name in columns]
        if page.next is None:
            return
        ask = msgspec.structs.replace(request, limit=_ROWS_AT_ONCE, after=page.next, include_total=False)
        page = await more(ask)


def _cell(document: Any, name: str) -> Cell:
    value = getattr(document, name)
    if name in _AMOUNTS and value is not None:
        return f"{in_units(value, document.currency):f}"
    return None if value is None else str(value)
