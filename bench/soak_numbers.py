"""2,000 documents of each kind are numbered at once, by three processes (attack C7 112). `make soak-numbers`.

Each tenth is in a transaction that is undone, of the others some lose their connection before the commit, and ten times
one of the processes is killed and followed by another. 1 if a number is missing, or there twice.
"""

import asyncio
import sys
import time
from uuid import UUID

import asyncpg

from domains.billing import DocumentKind
from tests.faults.killed_numberers import NumberingTrial
from tests.security.two_tenants import two_tenants
from tests.support.databases import Databases
from tests.support.numbering import draft, series_of, unbroken
from tests.support.server import postgres_server

TIMES = 2_000
KILLS = 10
YEAR = 2026


async def soak(admin_url: str, times: int) -> bool:
    """Whether every number is there, once."""
    database = await Databases(admin_url).new()
    side = (await two_tenants(database)).a
    drafts = {
        kind: await draft(database.admin, side.tenant, side.customer, times, kind)
        for kind in (DocumentKind.QUOTE, DocumentKind.INVOICE)
    }
    right = True
    for kind in (DocumentKind.QUOTE, DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE):
        started, ids = time.monotonic(), drafts.get(kind) or await _sent(database.admin, side.tenant)
        found = await NumberingTrial(database, side.tenant, series_of(YEAR, kind), ids).run(KILLS)
        left = len(ids) - len(found)
        print(
            f"{kind.value}: {len(found)} numbered, {left} not, {KILLS} kills, {time.monotonic() - started:.0f} s",
            flush=True,
        )
        right = right and found == unbroken(YEAR, len(found)) and left < len(ids) // 8
    return right


async def _sent(admin_url: str, tenant: UUID) -> list[UUID]:
    """Invoices of which something is due."""
    admin = await asyncpg.connect(admin_url)
    rows = await admin.fetch("select id from invoices where tenant_id = $1 and status = 'sent'", tenant)
    await admin.close()
    return [row["id"] for row in rows]


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else TIMES
    with postgres_server() as url:
        sys.exit(0 if asyncio.run(soak(url, wanted)) else 1)
