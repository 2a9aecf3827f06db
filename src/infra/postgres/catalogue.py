"""Services and resources in Postgres."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg
import msgspec

from domains.appointments import BookableResource, ResourceView, Service, ServiceView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.own_fields import inserting, updating
from infra.postgres.work import PostgresWork

_OF_SERVICE = tuple(Service.__struct_fields__)
_OF_RESOURCE = tuple(BookableResource.__struct_fields__)
_KEPT = frozenset({"id", "created_at"})
SERVICE = ", ".join(_OF_SERVICE)
RESOURCE = ", ".join(_OF_RESOURCE)


_SAVED_SERVICE = tuple(name for name in _OF_SERVICE if name not in _KEPT)
_SAVED_RESOURCE = tuple(name for name in _OF_RESOURCE if name not in _KEPT)
_ADD_SERVICE = inserting("services", _OF_SERVICE)
_SAVE_SERVICE = updating("services", _SAVED_SERVICE)
_ADD_RESOURCE = inserting("bookable_resources", _OF_RESOURCE)
_SAVE_RESOURCE = updating("bookable_resources", _SAVED_RESOURCE)
_SERVICE = f"select {', '.join(_OF_SERVICE)} from services where id = $1"  # noqa: S608 - put together from constants
_CURRENT = f"{_SERVICE} and archived_at is null"
_RESOURCE = f"select {RESOURCE} from bookable_resources where id = $1"  # noqa: S608 - as above
_CURRENCY = "select currency from tenants"
_STAFF = "select count(*) from users where id = any ($1) and erased_at is null and role <> 'member'"
_SORTS = {"name": SortKey("sort_name", str)}
_SERVICES = Keyset(table="services", fields=", ".join(_OF_SERVICE), sorts=_SORTS)
_RESOURCES = Keyset(table="bookable_resources", fields=RESOURCE, sorts=_SORTS)


class PostgresServices:
    """The `Services` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, service: Service) -> None:
        await self._work.connection.execute(_ADD_SERVICE, self._work.tenant, *_values(service, _OF_SERVICE))

    async def for_change(self, service_id: UUID) -> Service:
        return await self._one(f"{_SERVICE} for no key update", service_id)

    async def save(self, service: Service) -> None:
        await self._work.connection.execute(_SAVE_SERVICE, service.id, *_values(service, _SAVED_SERVICE))

    async def current(self, service_id: UUID) -> Service:
        return await self._one(_CURRENT, service_id)

    async def any(self, service_id: UUID) -> Service:
        return await self._one(_SERVICE, service_id)

    async def currency(self) -> str:
        return str(await self._work.connection.fetchval(_CURRENCY))

    async def must_be_staff(self, user_ids: Collection[UUID]) -> None:
        wanted = set(user_ids)
        if wanted and await self._work.connection.fetchval(_STAFF, list(wanted)) != len(wanted):
            raise NotFound.one("user")

    async def _one(self, query: str, service_id: UUID) -> Service:
        row = await self._work.connection.fetchrow(query, service_id)
        if row is None:
            raise NotFound.one("service")
        return service_of(row)


class PostgresBookableResources:
    """The `BookableResources` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, resource: BookableResource) -> None:
        await self._work.connection.execute(_ADD_RESOURCE, self._work.tenant, *_values(resource, _OF_RESOURCE))

    async def for_change(self, resource_id: UUID) -> BookableResource:
        row = await self._work.connection.fetchrow(f"{_RESOURCE} for no key update", resource_id)
        if row is None:
            raise NotFound.one("resource")
        return resource_of(row)

    async def save(self, resource: BookableResource) -> None:
        await self._work.connection.execute(_SAVE_RESOURCE, resource.id, *_values(resource, _SAVED_RESOURCE))


class PostgresCatalogueQueries:
    """The `CatalogueQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def service(self, service_id: UUID) -> ServiceView:
        self._actor.must(Permission.SERVICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_SERVICE, service_id)
        if row is None:
            raise NotFound.one("service")
        return ServiceView.of(service_of(row))

    async def services(self, request: PageRequest, *, archived: bool) -> Page[ServiceView]:
        self._actor.must(Permission.SERVICES_READ)
        async with self._work:
            wanted = [("(archived_at is not null) = {}", archived)]
            return await _SERVICES.page(
                self._work.connection, wanted, request, lambda row: ServiceView.of(service_of(row))
            )

    async def resource(self, resource_id: UUID) -> ResourceView:
        self._actor.must(Permission.SERVICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_RESOURCE, resource_id)
        if row is None:
            raise NotFound.one("resource")
        return ResourceView.of(resource_of(row))

    async def resources(self, request: PageRequest, *, archived: bool) -> Page[ResourceView]:
        self._actor.must(Permission.SERVICES_READ)
        async with self._work:
            wanted = [("(archived_at is not null) = {}", archived)]
            return await _RESOURCES.page(
                self._work.connection, wanted, request, lambda row: ResourceView.of(resource_of(row))
            )


def service_of(row: asyncpg.Record) -> Service:
    return msgspec.convert({name: row[name] for name in _OF_SERVICE}, Service)


def resource_of(row: asyncpg.Record) -> BookableResource:
    return msgspec.convert({name: row[name] for name in _OF_RESOURCE}, BookableResource)


def _values(entity: Service | BookableResource, fields: Sequence[str]) -> list[object]:
    return [getattr(entity, name) for name in fields]
