"""The pages that say which test shows what name tests that there are."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@pytest.mark.parametrize("page", ["attacks.md", "asvs.md"])
def test_each_test_that_is_named_is_there(page: str) -> None:
    named = _NAMED.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(named) > 30
    missing = [
        f"{file}::{test}"
        for file, test in named
        if f"def {test}(" not in ((ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else "")
    ]
    assert missing == []
