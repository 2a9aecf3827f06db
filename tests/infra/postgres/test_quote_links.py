"""The links of quotes and invoices rest locked, and go over to a new key."""

from uuid import UUID

import pytest

from domains.identity import MailedLink
from domains.invoices import InvoiceLinks
from domains.quotes import QuoteLinks
from domains.shared.vault import Place, Unreadable
from infra.postgres.database import Database
from infra.postgres.document_links import PostgresLockedLinks
from infra.vault import AesVault
from tests.support.house import DATA_KEYS, House
from tests.support.invoices import issued
from tests.support.people import Tenant
from tests.support.quotes import a_quote, moved
from tests.support.stories import inspector
from tests.support.work import work_over

PAGES = MailedLink("https://app.example")
TOKEN = "t" * 43


async def test_what_an_older_key_locked_is_locked_anew_once(house: House, tenant: Tenant) -> None:
    sent = await moved(house, tenant, (await a_quote(house, tenant))["id"], "sent")
    await a_quote(house, tenant)
    bill = await issued(house, tenant)
    older, place = AesVault(DATA_KEYS[1:]), Place(UUID(sent["id"]), "quotes.link", sent["id"])
    other = Place(UUID(bill["id"]), "invoices.link", bill["id"])
    async with inspector(house) as admin:
        for table, at in (("quotes", place), ("invoices", other)):
            locked = older.lock(TOKEN.encode(), at)
            await admin.execute(f"update {table} set link = $2 where id = $1", at.owner, locked)
    vault, pool = AesVault(DATA_KEYS), Database(house.database.app, size=3)
    counted = []
    for _ in range(2):
        async with work_over(pool, tenant.id) as work:
            links = PostgresLockedLinks(QuoteLinks(vault, PAGES), InvoiceLinks(vault, PAGES), vault, work)
            counted.append(await links.lock_anew())
    await pool.close()
    async with inspector(house) as admin:
        rests = await admin.fetchval("select link from quotes where id = $1", UUID(sent["id"]))
    assert counted == [2, 0]
    assert AesVault(DATA_KEYS[:1]).open(rests, place) == TOKEN.encode()
    with pytest.raises(Unreadable):
        AesVault(DATA_KEYS).open(rests, Place(tenant.id, "quotes.link", sent["id"]))
