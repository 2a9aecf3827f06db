"""What documents are numbered by, and begin with, in Postgres."""

from zoneinfo import ZoneInfo

import msgspec

from domains.billing import DocumentDefaults, Letterhead, Party, Series, address_lines
from domains.shared.errors import NotFound
from domains.tenants import DocumentSettings, Invoicing, Numbering, TaxRate
from infra.postgres.work import PostgresWork

_NEXT = """
    insert into document_counters as c (tenant_id, kind, year, last) values ($1, $2, $3, 1)
    on conflict (tenant_id, kind, year) do update set last = c.last + 1
    returning last
"""
_LETTERHEAD = "select name, address, phone, email, locale, documents, logo_png from tenants"
_DEFAULTS = "select name, currency, timezone, tax_rates, numbering, invoicing from tenants"


class PostgresDocumentNumbers:
    """The `DocumentNumbers` of the tenant to which the work is bound: one row a series, locked until the work ends."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def next(self, series: Series) -> str:
        sequence = await self._work.connection.fetchval(_NEXT, self._work.tenant, series.kind.value, series.year)
        return series.number(sequence)


class PostgresBillingSettings:
    """The `BillingSettings` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def defaults(self) -> DocumentDefaults:
        row = await self._work.connection.fetchrow(_DEFAULTS)
        if row is None:
            raise NotFound.one("tenant")
        return DocumentDefaults(
            business=row["name"],
            currency=row["currency"],
            zone=ZoneInfo(row["timezone"]),
            tax_rates=msgspec.convert(row["tax_rates"], tuple[TaxRate, ...]),
            numbering=msgspec.convert(row["numbering"], Numbering),
            invoicing=msgspec.convert(row["invoicing"], Invoicing),
        )

    async def letterhead(self) -> Letterhead:
        row = await self._work.connection.fetchrow(_LETTERHEAD)
        if row is None:
            raise NotFound.one("tenant")
        contacts = tuple(each for each in (row["phone"], row["email"]) if each)
        documents = msgspec.convert(row["documents"], DocumentSettings)
        return Letterhead(
            business=Party(row["name"], address_lines(row["address"]), row["address"], contacts),
            language=row["locale"],
            paper=documents.paper,
            tax_number=documents.tax_number,
            footer=documents.footer,
            logo=row["logo_png"],
        )
