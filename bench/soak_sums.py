"""100,000 random documents, each summed twice: by the engine and by a model in decimals. `make soak-sums`.

Each 500th is set as well, and read again: its PDF has the same amounts.
"""

import sys
import time

from domains.billing import DocumentKind
from infra.documents.compiling import Compiler
from tests.support.decimal_sums import agreed, any_draft, chance_of
from tests.support.papers import FONTANERIA, must_say_the_same, paper_of

DOCUMENTS = 100_000
SEED = 7
_EACH = 500
_CURRENCIES = ("EUR", "USD", "JPY", "KWD")


def soak(documents: int) -> None:
    """Raise where the two differ in anything."""
    chance, started, refused, printed = chance_of(SEED), time.monotonic(), 0, 0
    compiler = Compiler()
    for at in range(documents):
        draft = any_draft(chance)
        refused += agreed(draft) is None
        if at % _EACH == 0:
            currency = _CURRENCIES[at // _EACH % len(_CURRENCIES)]
            paper = paper_of(draft, kind=DocumentKind.INVOICE, head=FONTANERIA, currency=currency)
            if paper is not None:
                must_say_the_same(compiler, paper)
                printed += 1
    seconds = time.monotonic() - started
    print(
        f"{documents} documents agree ({refused} of them refused, {printed} on paper) in {seconds:.0f} s, seed {SEED}"
    )


if __name__ == "__main__":
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
