"""The page that says which test shows which attack names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_each_test_that_is_named_is_there() -> None:
    named = _NAMED.findall((ROOT / "docs/attacks.md").read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in ((ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else "")
    ]
    assert missing == []
