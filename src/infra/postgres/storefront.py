"""The door through which customers come, in Postgres."""

import base64
import hashlib
from uuid import UUID

from domains.appointments import Door, Lead, Service, VisitContact
from domains.customers import Contacts, Customer
from domains.identity import Attempts
from infra.postgres.catalogue import SERVICE, service_of
from infra.postgres.customers import PostgresCustomers
from infra.postgres.routes import PostgresRoutes
from infra.postgres.work import PostgresWork

_TENANT = "select directory.open_tenant($1)"
_SERVICES = (
    f"select {SERVICE} from services where bookable_online and archived_at is null order by sort_name, id limit 100"  # noqa: S608 - put together from constants
)


class DoorKeys:
    """Tokens by keyed BLAKE2b: 256 bits that follow from what they lead to and the installation's secret."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, door: Door, lead: Lead) -> str:
        return (
            base64.urlsafe_b64encode(self._digest(door, lead.tenant.bytes + lead.subject.bytes)).rstrip(b"=").decode()
        )

    def known_as(self, tenant: UUID, visitor: str) -> bytes:
        return self._digest("visitor", tenant.bytes + visitor.encode())

    def _digest(self, what: str, message: bytes) -> bytes:
        person = f"fd.{what}".encode()
        return hashlib.blake2b(message, key=self._key, digest_size=32, person=person).digest()


class PostgresStorefront:
    """The `Storefront`. A token is a route: its digest is in the directory, and nothing else of it."""

    def __init__(self, work: PostgresWork, keys: DoorKeys, contacts: Contacts, attempts: Attempts) -> None:
        self._work = work
        self._attempts = attempts
        self._keys = keys
        self._contacts = contacts
        self._routes = PostgresRoutes(work)
        self._customers = PostgresCustomers(work)

    async def tenant(self, slug: str) -> UUID | None:
        found: UUID | None = await self._work.connection.fetchval(_TENANT, slug)
        return found

    async def lead_of(self, door: Door, token: str) -> Lead | None:
        route = await self._routes.find(door.value, token)
        return Lead(route.tenant, route.subject) if route else None

    def token(self, door: Door, lead: Lead) -> str:
        return self._keys.token(door, lead)

    async def open(self, door: Door, subject: UUID) -> str:
        token = self._keys.token(door, Lead(self._work.tenant, subject))
        await self._routes.add(door.value, token, subject)
        return token

    async def close(self, door: Door, subject: UUID) -> None:
        await self._routes.remove(door.value, self._keys.token(door, Lead(self._work.tenant, subject)))

    async def may_write_to(self, email: str) -> bool:
        return (await self._attempts.visit_mail(email)).granted

    def known_as(self, visitor: str) -> bytes:
        return self._keys.known_as(self._work.tenant, visitor)

    async def services(self) -> list[Service]:
        return [service_of(row) for row in await self._work.connection.fetch(_SERVICES)]

    async def customer_of(self, contact: VisitContact) -> UUID | None:
        given = [contact.email, *([contact.phone] if contact.phone else [])]
        owners = await self._contacts.owners(given)
        by_contact = (owner.customer for wanted in given for owner in owners if owner.contact == wanted)
        return next(by_contact, None)

    async def add_customer(self, customer: Customer) -> None:
        await self._customers.add(customer)
