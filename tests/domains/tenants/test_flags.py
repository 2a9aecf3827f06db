"""Features for some of the users: the same ones each time, in proportion, and never taken away by more."""

from collections import Counter
from itertools import pairwise
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domains.shared.errors import FeatureDisabled, Forbidden, ValidationFailed
from domains.shared.ids import new_id
from domains.shared.permissions import Role
from domains.tenants import ChangeFeatures, Feature, Features, Flag, Switching, TenantFeatures
from tests.support.fakes import NOON, MemoryWork, StillClock, actor

TENANT = UUID(int=1)
USERS = [UUID(int=number) for number in range(4000)]


def flag(**fields: Any) -> Flag:
    return msgspec.convert({"feature": "voice_agent", **fields}, Flag)


def having(wanted: Flag) -> set[UUID]:
    return {user for user in USERS if wanted.variant_for(TENANT, user)}


def test_off_is_for_nobody_and_on_for_everybody() -> None:
    assert having(flag(state="off", percentage=100)) == set()
    assert having(flag(state="on")) == set(USERS)
    assert having(flag(state="percentage", percentage=0)) == set()
    assert having(flag(state="percentage", percentage=100)) == set(USERS)


@pytest.mark.parametrize("percentage", [1, 25, 50, 99])
def test_a_percentage_is_one(percentage: int) -> None:
    share = len(having(flag(state="percentage", percentage=percentage))) * 100 / len(USERS)
    assert abs(share - percentage) < 3


def test_more_percent_take_it_from_nobody() -> None:
    sets = [having(flag(state="percentage", percentage=percentage)) for percentage in range(0, 101, 10)]
    assert all(fewer < more for fewer, more in pairwise(sets))


def test_two_features_and_two_tenants_are_drawn_apart() -> None:
    voice = having(flag(state="percentage", percentage=50))
    other = having(flag(feature="translation", state="percentage", percentage=50))
    elsewhere = {user for user in USERS if flag(state="percentage", percentage=50).variant_for(UUID(int=2), user)}
    for each in (other, elsewhere):
        assert 0.4 < len(voice & each) / len(voice) < 0.6


def test_variants_are_weighted_and_kept() -> None:
    weights = [{"name": "short", "weight": 1}, {"name": "never", "weight": 0}, {"name": "long", "weight": 3}]
    whole, half = flag(state="on", variants=weights), flag(state="percentage", percentage=50, variants=weights)
    counted = Counter(whole.variant_for(TENANT, user) for user in USERS)
    assert set(counted) == {"short", "long"}
    assert abs(counted["short"] / len(USERS) - 0.25) < 0.03
    assert {half.variant_for(TENANT, user) for user in having(half)} == {"short", "long"}
    assert all(half.variant_for(TENANT, user) == whole.variant_for(TENANT, user) for user in having(half))


@pytest.mark.parametrize(
    ("flags", "field", "code"),
    [
        ([{"feature": "api_v2", "state": "on"}] * 2, "flags[1].feature", "repeated"),
        (
            [{"feature": "api_v2", "state": "on", "variants": [{"name": "a", "weight": 1}] * 2}],
            "flags[0].variants",
            "repeated",
        ),
        (
            [{"feature": "api_v2", "state": "on", "variants": [{"name": "a", "weight": 0}]}],
            "flags[0].variants",
            "no_weight",
        ),
    ],
)
def test_impossible_orders(flags: list[dict[str, Any]], field: str, code: str) -> None:
    features = TenantFeatures(updated_at=NOON)
    with pytest.raises(ValidationFailed) as refusal:
        features.switch(msgspec.convert({"flags": flags}, ChangeFeatures), now=NOON)
    assert [(error.field, error.code) for error in refusal.value.errors] == [(field, code)]
    assert (features.flags, features.version) == ((), 1)


class MemoryFeatures:
    """A `FeatureStore`. `seen` holds who has met what."""

    def __init__(self) -> None:
        self.features = TenantFeatures(updated_at=NOON)
        self.seen: set[tuple[str, UUID, str]] = set()

    async def find(self) -> TenantFeatures:
        return self.features

    async def for_change(self) -> TenantFeatures:
        return self.features

    async def save(self, features: TenantFeatures) -> None:
        self.features = features

    async def note_exposure(self, feature: Feature, user: UUID, variant: str, **_: object) -> None:
        self.seen.add((feature.value, user, variant))


ORDER = ChangeFeatures(flags=(flag(state="on"),))


async def test_a_feature_is_refused_until_it_is_switched_on() -> None:
    admin, store, clock = actor(Role.ADMIN), MemoryFeatures(), StillClock()
    work = MemoryWork(admin.tenant)
    features = Features(admin, store, clock)
    with pytest.raises(FeatureDisabled):
        await features.must_be_on(Feature.VOICE_AGENT)
    assert store.seen == set()
    await Switching(admin, store, clock, work).switch(ORDER, expected=[1])
    await features.must_be_on(Feature.VOICE_AGENT)
    assert await features.is_on(Feature.VOICE_AGENT)
    assert not await features.is_on(Feature.API_V2)
    assert store.seen == {("voice_agent", admin.user, "on")}
    assert [event.type for event in work.events] == ["features.updated"]


async def test_only_admins_switch() -> None:
    staff, store = actor(Role.STAFF, new_id()), MemoryFeatures()
    switching = Switching(staff, store, StillClock(), MemoryWork(staff.tenant))
    with pytest.raises(Forbidden):
        await switching.switch(ORDER, expected=None)
    assert (await switching.show()).version == 1
