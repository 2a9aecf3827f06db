"""How long a page of a paper takes, in CPU time: `uv run python -m bench.documents`. Below 30 ms each.

One compiler, as in the process that sets papers. What is measured is all that it does: the data in, the PDF out.
"""

import time
from collections.abc import Callable
from io import BytesIO

from pypdf import PdfReader

from domains.billing import PrintedDocument
from infra.documents.compiling import Compiler
from infra.documents.cross_industry import cross_industry_invoice, is_electronic
from infra.documents.shown import document_shown
from tests.support.papers import compiled, invoice, item, of, wording

_TIMES = 20


def papers() -> dict[str, Callable[[int], PrintedDocument]]:
    """By what they are; each time another, so that nothing is remembered of it as a whole."""
    return {
        "quote, 5 items": lambda at: of(*(item(f"Item {at}.{n}") for n in range(5))),
        "quote, 200 items": lambda at: of(*(item(f"Item {at}.{n}") for n in range(200))),
        "invoice with XML, 5 items": lambda at: invoice(*(item(f"Item {at}.{n}") for n in range(5))),
        "invoice with XML, 200 items": lambda at: invoice(*(item(f"Item {at}.{n}") for n in range(200))),
        "quote in Chinese, 20 items": lambda at: of(*(item(f"更换厨房水龙头 {at}.{n}") for n in range(20))),
    }


def measure(compiler: Compiler, paper: Callable[[int], PrintedDocument]) -> tuple[float, int, int]:
    """Milliseconds a page, pages, bytes."""
    pages, size, spent = 0, 0, 0.0
    for at in range(_TIMES):
        made = paper(at)
        begun = time.process_time()
        shown = document_shown(made, wording(made))
        electronic = is_electronic(made)
        if electronic:
            shown["xml"] = cross_industry_invoice(made)
        (pdf,) = compiled(compiler, shown, archival=electronic)
        spent += time.process_time() - begun
        pages += len(PdfReader(BytesIO(pdf)).pages)
        size = len(pdf)
    return spent * 1000 / pages, pages // _TIMES, size


def main() -> None:
    begun = time.process_time()
    compiler = Compiler()
    print(f"begun in {(time.process_time() - begun) * 1000:.0f} ms")
    for name, paper in papers().items():
        milliseconds, pages, size = measure(compiler, paper)
        print(f"{name}: {milliseconds:.1f} ms a page, {pages} pages, {size // 1024} KiB")


if __name__ == "__main__":
    main()
