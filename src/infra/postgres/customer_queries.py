"""Customers, to be read: rows go straight into views."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import asyncpg

from domains.customers import CustomerFilter, CustomerView, DuplicatesView, TagsView, TagView, as_tag
from domains.shared.actor import Actor
from domains.shared.clock import timestamp
from domains.shared.errors import InvalidCursor, NotFound
from domains.shared.languages import written_as_usual
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.customers import FIELDS, ONE, values_of
from infra.postgres.keyset import Condition, Keyset, SortKey
from infra.postgres.work import PostgresWork

_LIST = Keyset(
    table="customers",
    fields=FIELDS,
    sorts={"created_at": SortKey("created_at", datetime), "name": SortKey("sort_name", str)},
)
# A tag is one in whatever case it is written. What lower case is, is for the database alone to say.
_NARROWED = (
    "(select array_agg(case when text like 'tag %' then lower(text) else text end) from unnest($2::text[]) text)"
)
_OF_FOUND = ", ".join(f"c.{name}" for name in FIELDS.split(", "))
_FOUND = f"""
    with found as materialized (
        select id, rank, place from public.find_customers($1, {_NARROWED}, $3, $4, $5, $6, $7, $8, $9, $10)
    )
    select {_OF_FOUND}, f.rank, c.sort_name from found f join customers c on c.id = f.id order by f.place
"""  # noqa: S608 - put together from constants
_COUNT = f"""
    select count(*) from public.find_customers($1, {_NARROWED}, $3, $4, $5, $6, null, null, null, null)
"""  # noqa: S608 - as above

_DUPLICATES = f"""
    with owner as materialized (
        select o.id from customers c, public.owners_of_contacts(c.emails || c.phones) o where c.id = $1
    )
    select {FIELDS} from customers where id <> $1 and id = any (array(select o.id from owner o))
    order by created_at, id limit 100
"""  # noqa: S608 - as above
_TAGS = """
    select mode() within group (order by tag) as tag, count(*) as customers from customers, unnest(tags) tag
    where archived_at is null and merged_into is null group by lower(tag) order by customers desc, lower(tag) limit 1000
"""


class PostgresCustomerQueries:
    """The `CustomerQueries` of the actor's tenant.

    Whatever is not in the order of an index of the list itself is found by a function: see migration 0232.
    """

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def one(self, customer_id: UUID) -> CustomerView:
        self._actor.must(Permission.CUSTOMERS_READ)
        row = await self._work.reading.fetchrow(ONE, customer_id)
        if row is None:
            raise NotFound.one("customer")
        return _view(row)

    async def duplicates(self, customer_id: UUID) -> DuplicatesView:
        self._actor.must(Permission.CUSTOMERS_READ)
        async with self._work:
            if await self._work.connection.fetchrow(ONE, customer_id) is None:
                raise NotFound.one("customer")
            rows = await self._work.connection.fetch(_DUPLICATES, customer_id)
        return DuplicatesView(items=tuple(_view(row) for row in rows))

    async def tags(self) -> TagsView:
        self._actor.must(Permission.CUSTOMERS_READ)
        rows = await self._work.reading.fetch(_TAGS)
        return TagsView(items=tuple(TagView(tag=row["tag"], customers=row["customers"]) for row in rows))

    async def page(self, wanted: CustomerFilter, request: PageRequest) -> Page[CustomerView]:
        self._actor.must(Permission.CUSTOMERS_READ)
        facets = list(_facets(wanted))
        if facets or wanted.search is not None:
            return await self._found(wanted, facets or None, request)
        return await _LIST.page(self._work.reading, list(_conditions(wanted)), request, _view)

    async def _found(
        self, wanted: CustomerFilter, facets: list[str] | None, request: PageRequest
    ) -> Page[CustomerView]:
        sort = f"-{request.sort}" if request.descending else request.sort
        asked = (wanted.search, facets, wanted.archived, wanted.created_from, wanted.created_before, sort)
        reading = self._work.reading
        total = await reading.fetchval(_COUNT, *asked) if request.include_total else None
        rows = await reading.fetch(_FOUND, *asked, *_after(request), request.limit + 1)
        shown = rows[: request.limit]
        more = len(rows) > request.limit
        return Page(items=[_view(row) for row in shown], next=_position(shown[-1], request) if more else None,
                    total=total)  # fmt: skip


def _facets(wanted: CustomerFilter) -> Iterator[str]:
    """The texts whose digests `found_by` has of those who are wanted."""
    if wanted.tag is not None:
        yield f"tag {as_tag(wanted.tag)}"
    if wanted.source is not None:
        yield f"source {wanted.source}"
    if wanted.language is not None:
        yield f"language {written_as_usual(wanted.language)}"
    for kind, there in (("email", wanted.has_email), ("phone", wanted.has_phone)):
        if there is not None:
            yield kind if there else f"no {kind}"


def _conditions(wanted: CustomerFilter) -> Iterator[Condition]:
    yield ("merged_into is null and erased_at is null and (archived_at is not null) = {}", wanted.archived)
    if wanted.created_from is not None:
        yield ("created_at >= {}", wanted.created_from)
    if wanted.created_before is not None:
        yield ("created_at < {}", wanted.created_before)


def _position(row: asyncpg.Record, request: PageRequest) -> tuple[str, str, str]:
    key = row["created_at"].isoformat() if request.sort == "created_at" else row["sort_name"]
    return str(row["rank"]), key, str(row["id"])


def _after(request: PageRequest) -> tuple[int, str, UUID] | tuple[None, None, None]:
    if request.after is None:
        return None, None, None
    try:
        rank, key, customer_id = request.after
        return int(rank), key, UUID(customer_id)
    except ValueError:
        raise InvalidCursor("The cursor does not fit this list.") from None


def _view(row: asyncpg.Record) -> CustomerView:
    archived_at = row["archived_at"]
    return CustomerView(
        **values_of(row),
        archived_at=archived_at and timestamp(archived_at),
        created_at=timestamp(row["created_at"]),
        updated_at=timestamp(row["updated_at"]),
    )
