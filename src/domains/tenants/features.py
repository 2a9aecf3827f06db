"""Switching features, and asking whether one is on."""

import copy
from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domains.shared.actor import Actor
from domains.shared.audit import Note
from domains.shared.clock import Clock
from domains.shared.errors import FeatureDisabled, NotFound
from domains.shared.permissions import Permission
from domains.shared.versions import must_be_current
from domains.shared.work import UnitOfWork
from domains.tenants.events import FeaturesChanged
from domains.tenants.flags import ChangeFeatures, Feature, TenantFeatures


class FeatureStore(Protocol):
    """How features are switched in the tenant to which the work is bound."""

    async def find(self) -> TenantFeatures: ...

    async def for_change(self) -> TenantFeatures:
        """The same, locked until the work ends."""
        ...

    async def save(self, features: TenantFeatures) -> None: ...

    async def note_exposure(self, feature: Feature, user: UUID, variant: str, *, at: datetime) -> None:
        """Store that the user has met the variant: the first time only."""
        ...


class Switching:
    """Switches the features of a business."""

    def __init__(self, actor: Actor, store: FeatureStore, clock: Clock, work: UnitOfWork) -> None:
        self.actor = actor
        self.store = store
        self.clock = clock
        self.work = work

    async def show(self) -> TenantFeatures:
        """Show how all features are switched, and which of them the caller has."""
        self.actor.must(Permission.FEATURES_READ)
        async with self.work:
            return await self.store.find()

    async def switch(self, order: ChangeFeatures, *, expected: Collection[int] | None) -> TenantFeatures:
        """Switch features on or off, for all users or for some percent of them, in one variant or several.

        - A user who has a feature at 20 percent has it at 30 percent too, and keeps the variant.
        - Features that are not named stay as they are.
        """
        self.actor.must(Permission.FEATURES_WRITE)
        async with self.work:
            features = await self.store.for_change()
            must_be_current(features.version, expected)
            before = copy.copy(features)
            changed = features.switch(order, now=self.clock.now())
            if changed:
                await self.store.save(features)
                subject, version = self.actor.tenant, features.version
                self.work.record(FeaturesChanged(subject=subject, subject_version=version, features=changed))
                self.work.note(Note(action="features.updated", subject=subject, before=before, after=features))
        return features


class Features:
    """What other domains ask, inside their own work: `await features.must_be_on(Feature.VOICE_AGENT)`."""

    def __init__(self, asker: Actor, store: FeatureStore, clock: Clock) -> None:
        self.asker = asker
        self.store = store
        self.clock = clock

    async def variant(self, feature: Feature) -> str | None:
        """The variant that the asking user has, noted the first time; None for who does not have the feature."""
        features = await self.store.find()
        found = features.flag(feature).variant_for(self.asker.tenant, self.asker.user)
        if found is not None:
            await self.store.note_exposure(feature, self.asker.user, found, at=self.clock.now())
        return found

    async def is_on(self, feature: Feature) -> bool:
        return await self.variant(feature) is not None

    async def must_be_on(self, feature: Feature) -> None:
        """Raise `FeatureDisabled` unless it is."""
        if not await self.is_on(feature):
            raise FeatureDisabled(f"The feature {feature.value} is not switched on.")


class NextVersion:
    """The version of the API that comes after this one, for whoever has its feature. It has no operation yet."""

    def __init__(self, features: Features, work: UnitOfWork) -> None:
        self.features = features
        self.work = work

    async def enter(self) -> None:
        """Raise `FeatureDisabled` for who does not have `api_v2`, and `NotFound` for who does."""
        async with self.work:
            await self.features.must_be_on(Feature.API_V2)
        raise NotFound("There is nothing at this address.")
