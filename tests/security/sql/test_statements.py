"""What the code itself says to Postgres. Attack C1 32, and architecture 8 and 14."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FILES = [*(ROOT / "src").glob("**/*.py"), *(ROOT / "migrations").glob("**/*.py")]

PLACES = {
    r"app\.tenant_id": {
        "migrations/versions/0510_policies.py",
        "src/infra/postgres/binding.py",
        "src/infra/postgres/schema.py",
    },
    r"\bset local\b|\bset session\b|\bset_config\b|row_security\b|\bset role\b": {
        "src/infra/postgres/binding.py",
        "src/infra/postgres/dump.py",
    },
    r"[\"'] *(begin|commit|rollback|start transaction)( [a-z ]+)?[\"';]": {
        "src/infra/postgres/binding.py",
        "src/infra/postgres/dump.py",
        "src/infra/sandbox/stripe/book.py",
    },
    r"advisory": {
        "migrations/env.py",
        "migrations/versions/0020_audit.py",
        "migrations/versions/0205_quotas.py",
        "src/infra/postgres/batches.py",
        "src/infra/postgres/exchange.py",
        "src/infra/postgres/idempotency.py",
        "src/infra/postgres/numbering.py",
        "src/infra/postgres/only_one.py",
        "src/infra/postgres/price_list.py",
        "src/infra/postgres/roles.py",
        "src/infra/postgres/slot_holds.py",
    },
    r"pg_notify|[\"']\s*(notify|listen) ": {
        "src/infra/postgres/access_feed.py",
        "src/infra/postgres/numbering.py",
        "src/infra/postgres/streaming.py",
    },
}
"""Binding a tenant, ending a transaction, locks and calls that all tenants share: where they are written.

The relay's locks, the two channels of the live pipe and that of access are outside every request's transaction.
A lock or a channel that a request uses must have the tenant in its key: then it comes here, with its test.
"""


def saying(pattern: str, files: list[Path]) -> set[str]:
    wanted = re.compile(pattern, re.IGNORECASE)
    return {file.relative_to(ROOT).as_posix() for file in files if wanted.search(file.read_text())}


@pytest.mark.parametrize("pattern", PLACES)
def test_it_is_said_where_it_belongs_and_nowhere_else(pattern: str) -> None:
    assert len(FILES) > 50
    assert saying(pattern, FILES) == PLACES[pattern]
