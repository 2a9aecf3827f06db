"""Lists as CSV (RFC 4180), streamed, with nothing in them that a spreadsheet would run."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from litestar import Request, Response
from litestar.response import Stream

MEDIA_TYPE = "text/csv"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

Cell = str | int | bool | None


def asks_for_csv(request: Request[Any, Any, Any]) -> bool:
    """Whether `Accept` names CSV and not JSON."""
    named = {part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(",")}
    return MEDIA_TYPE in named and "application/json" not in named


def csv_answer(filename: str, header: Sequence[str], rows: AsyncIterator[Sequence[Cell]]) -> Response[Any]:
    """A file of `rows`, sent as they come. A failure on the way cuts the answer off, so that no part looks whole."""
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Stream(_lines(header, rows), media_type=f"{MEDIA_TYPE}; header=present", headers=disposition)


def harmless(cell: Cell) -> Cell:
    """The cell, with an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell


async def _lines(header: Sequence[str], rows: AsyncIterator[Sequence[Cell]]) -> AsyncIterator[str]:
    yield _line(header)
    async for row in rows:
        yield _line(row)


def _line(cells: Iterable[Cell]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerow([_as_in_json(harmless(cell)) for cell in cells])
    return text.getvalue()


def _as_in_json(cell: Cell) -> Cell:
    return str(cell).lower() if isinstance(cell, bool) else cell
