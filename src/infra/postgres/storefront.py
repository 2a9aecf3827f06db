"""The door through which customers come, in Postgres."""

from uuid import UUID

from domains.appointments import Lead, Service
from domains.customers import Customer
from infra.postgres.catalogue import SERVICE, service_of
from infra.postgres.customers import PostgresCustomers
from infra.postgres.routes import PostgresRoutes
from infra.postgres.work import PostgresWork

_TENANT = "select directory.open_tenant($1)"
_SERVICES = (
    f"select {SERVICE} from services where bookable_online and archived_at is null order by sort_name, id limit 100"  # noqa: S608 - put together from constants
)
_KIND = "booking"


class PostgresStorefront:
    """The `Storefront`. A booking's token is a route: its digest is in the directory, and nothing else of it."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work
        self._routes = PostgresRoutes(work)
        self._customers = PostgresCustomers(work)

    async def tenant(self, slug: str) -> UUID | None:
        found: UUID | None = await self._work.connection.fetchval(_TENANT, slug)
        return found

    async def lead_of(self, token: str) -> Lead | None:
        route = await self._routes.find(_KIND, token)
        return Lead(route.tenant, route.subject) if route else None

    async def lead(self, token: str, visit: UUID) -> None:
        await self._routes.add(_KIND, token, visit)

    async def services(self) -> list[Service]:
        return [service_of(row) for row in await self._work.connection.fetch(_SERVICES)]

    async def add_customer(self, customer: Customer) -> None:
        await self._customers.add(customer)
