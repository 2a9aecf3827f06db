"""Keeping what a business offers: its services, and the resources that they take."""

import copy
from collections.abc import Collection
from uuid import UUID

from domains.appointments.catalogue import (
    BookableResource,
    ChangeResource,
    ChangeService,
    CreateResource,
    CreateService,
    Service,
)
from domains.appointments.events import ResourceChanged, ServiceChanged
from domains.appointments.ports import BookableResources, Services
from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.idempotency import idempotent
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork


class ServiceKeeping:
    """Keeps the services of a business."""

    def __init__(self, actor: Actor, services: Services, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.services = services
        self.clock = clock
        self.work = work

    @idempotent
    async def create(self, order: CreateService) -> Service:
        """Create a service.

        - `price` is in the minor unit of `currency`, which is the business's own where none is given.
        - `staffIds` are users of the business, staff at least, else `not_found`.
        """
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            await self.services.must_be_staff(order.staff_ids)
            service = Service.create(order, currency=await self.services.currency(), now=self.clock.now())
            await self.services.add(service)
            self.work.record(ServiceChanged.about(service, fields=["created_at"]))
            self.work.note(Note(action="service.created", subject=service.id, after=service))
            return self.work.result(service)

    async def change(self, service_id: UUID, order: ChangeService, *, expected: Collection[int] | None) -> Service:
        """Change a service.

        - An absent field stays as it is; `null` clears it; lists are replaced whole.
        - Visits that are booked already stay as they are, and as long.
        - A version named by `If-Match` that is not the present one is `version_conflict`.
        """
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            service = await self.services.for_change(service_id)
            must_be_current(service.version, expected)
            await self.services.must_be_staff(order.staff_ids or ())
            before = copy.copy(service)
            await self._keep(before, service, service.change(order, now=self.clock.now()), "service.updated")
        return service

    async def archive(self, service_id: UUID, *, expected: Collection[int] | None) -> None:
        """Archive a service: it is booked no more. Archiving one that is archived already changes nothing."""
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            service = await self.services.for_change(service_id)
            must_be_current(service.version, expected)
            if service.is_current:
                before = copy.copy(service)
                service.archive(now=self.clock.now())
                await self._keep(before, service, ["archived_at"], "service.archived")

    async def _keep(self, before: Service, service: Service, changed: list[str], action: str) -> None:
        if changed:
            await self.services.save(service)
            self.work.record(ServiceChanged.about(service, fields=changed))
            self.work.note(Note(action=action, subject=service.id, before=before, after=service))


class ResourceKeeping:
    """Keeps the rooms, vehicles and the like of a business."""

    def __init__(self, actor: Actor, resources: BookableResources, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.resources = resources
        self.clock = clock
        self.work = work

    @idempotent
    async def create(self, order: CreateResource) -> BookableResource:
        """Create a resource. A service that needs one of its `kind` takes it when it is free."""
        self.actor.must(Permission.SERVICES_WRITE)
        resource = BookableResource.create(order, now=self.clock.now())
        async with self.work:
            await self.resources.add(resource)
            self.work.record(ResourceChanged.about(resource, fields=["created_at"]))
            self.work.note(Note(action="resource.created", subject=resource.id, after=resource))
            return self.work.result(resource)

    async def change(
        self, resource_id: UUID, order: ChangeResource, *, expected: Collection[int] | None
    ) -> BookableResource:
        """Change a resource. Visits that it serves already keep it."""
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            resource = await self.resources.for_change(resource_id)
            must_be_current(resource.version, expected)
            before = copy.copy(resource)
            await self._keep(before, resource, resource.change(order, now=self.clock.now()), "resource.updated")
        return resource

    async def archive(self, resource_id: UUID, *, expected: Collection[int] | None) -> None:
        """Archive a resource: no further visit gets it. Archiving one that is archived already changes nothing."""
        self.actor.must(Permission.SERVICES_WRITE)
        async with self.work:
            resource = await self.resources.for_change(resource_id)
            must_be_current(resource.version, expected)
            if resource.is_current:
                before = copy.copy(resource)
                resource.archive(now=self.clock.now())
                await self._keep(before, resource, ["archived_at"], "resource.archived")

    async def _keep(
        self, before: BookableResource, resource: BookableResource, changed: list[str], action: str
    ) -> None:
        if changed:
            await self.resources.save(resource)
            self.work.record(ResourceChanged.about(resource, fields=changed))
            self.work.note(Note(action=action, subject=resource.id, before=before, after=resource))
