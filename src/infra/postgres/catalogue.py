"""Services and resources in Postgres."""

from collections.abc import Collection
from uuid import UUID

from domains.appointments import BookableResource, ResourceView, Service, ServiceView
from domains.shared.actor import Actor
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.own_fields import OwnRows
from infra.postgres.work import PostgresWork

_OF_SERVICE = OwnRows("services", Service)
_OF_RESOURCE = OwnRows("bookable_resources", BookableResource)
SERVICE, RESOURCE = _OF_SERVICE.fields, _OF_RESOURCE.fields
service_of, resource_of = _OF_SERVICE.read, _OF_RESOURCE.read
_CURRENT = f"{_OF_SERVICE.one} and archived_at is null"
_CURRENCY = "select currency from tenants"
_STAFF = "select count(*) from users where id = any ($1) and erased_at is null and role <> 'member'"
_SORTS = {"name": SortKey("sort_name", str)}
_SERVICES = Keyset(table="services", fields=SERVICE, sorts=_SORTS)
_RESOURCES = Keyset(table="bookable_resources", fields=RESOURCE, sorts=_SORTS)


class PostgresServices:
    """The `Services` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def add(self, service: Service) -> None:
        self._work.put(_OF_SERVICE.insert, *_OF_SERVICE.added(service))

    async def for_change(self, service_id: UUID) -> Service:
        return await self._one(_OF_SERVICE.for_change, service_id)

    async def save(self, service: Service) -> None:
        await self._work.connection.execute(_OF_SERVICE.update, service.id, *_OF_SERVICE.changed(service))

    async def current(self, service_id: UUID) -> Service:
        return await self._one(_CURRENT, service_id)

    async def any(self, service_id: UUID) -> Service:
        return await self._one(_OF_SERVICE.one, service_id)

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
        self._work.put(_OF_RESOURCE.insert, *_OF_RESOURCE.added(resource))

    async def for_change(self, resource_id: UUID) -> BookableResource:
        row = await self._work.connection.fetchrow(_OF_RESOURCE.for_change, resource_id)
        if row is None:
            raise NotFound.one("resource")
        return resource_of(row)

    async def save(self, resource: BookableResource) -> None:
        await self._work.connection.execute(_OF_RESOURCE.update, resource.id, *_OF_RESOURCE.changed(resource))


class PostgresCatalogueQueries:
    """The `CatalogueQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, work: PostgresWork) -> None:
        self._actor = actor
        self._work = work

    async def service(self, service_id: UUID) -> ServiceView:
        self._actor.must(Permission.SERVICES_READ)
        async with self._work:
            row = await self._work.connection.fetchrow(_OF_SERVICE.one, service_id)
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
            row = await self._work.connection.fetchrow(_OF_RESOURCE.one, resource_id)
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
