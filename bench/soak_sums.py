"""100,000 random documents, each summed twice: by the engine and by a model in decimals. `make soak-sums`."""

import sys
import time

from tests.support.decimal_sums import agreed, any_draft, chance_of

DOCUMENTS = 100_000
SEED = 7


def soak(documents: int) -> None:
    """Raise where the two differ in anything."""
    chance, started, refused = chance_of(SEED), time.monotonic(), 0
    for _ in range(documents):
        refused += agreed(any_draft(chance)) is None
    seconds = time.monotonic() - started
    print(f"{documents} documents agree ({refused} of them refused) in {seconds:.0f} s, seed {SEED}")


if __name__ == "__main__":
    soak(int(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTS)
