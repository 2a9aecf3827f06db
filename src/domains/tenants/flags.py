"""Features that a business can switch on, for all of its users or for some, and in several variants."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from domains.shared.errors import FieldError, ValidationFailed
from domains.shared.wire import Command

_STEPS = 10_000
_STEPS_IN_A_PERCENT = 100
PLAIN = "on"

VariantName = Annotated[str, Meta(min_length=1, max_length=32, pattern=r"^[a-z0-9_]+$(?!\n)", examples=["short_form"])]


class Feature(StrEnum):
    """What can be switched, in alphabetical order. All are off until somebody switches them on."""

    AI_ASSISTANT = "ai_assistant"
    API_V2 = "api_v2"
    CALL_RECORDING = "call_recording"
    ONLINE_BOOKING = "online_booking"
    TRANSLATION = "translation"
    VOICE_AGENT = "voice_agent"


class FlagState(StrEnum):
    """For nobody, for everybody, or for some percent of the users, always the same ones."""

    OFF = "off"
    ON = "on"
    PERCENTAGE = "percentage"


class Variant(Command, frozen=True):
    """One of several ways that a feature can be. Who has it gets it in proportion to the weights, and keeps it."""

    name: VariantName
    weight: Annotated[int, Meta(ge=0, le=1000, examples=[1])]


class Flag(Command, frozen=True):
    """How one feature is switched. `percentage` counts with the state `percentage` only; it is 0 to 100."""

    feature: Feature
    state: FlagState
    percentage: Annotated[int, Meta(ge=0, le=100, examples=[25])] = 0
    variants: Annotated[tuple[Variant, ...], Meta(max_length=10)] = ()

    def variant_for(self, tenant: UUID, user: UUID) -> str | None:
        """The variant that the user has (`on` where there are none); None for who does not have the feature.

        Raising the percentage takes it from nobody. Switching and variants are drawn apart from one another.
        """
        if self.state is FlagState.OFF:
            return None
        drawn = _drawn(tenant, self.feature, user, "switch")
        if self.state is FlagState.PERCENTAGE and drawn >= self.percentage * _STEPS_IN_A_PERCENT:
            return None
        return self._variant(_drawn(tenant, self.feature, user, "variant")) if self.variants else PLAIN

    def _variant(self, drawn: int) -> str:
        total, passed = sum(variant.weight for variant in self.variants), 0
        for variant in self.variants:
            passed += variant.weight
            if drawn * total < passed * _STEPS:
                return variant.name
        return self.variants[-1].name


class ChangeFeatures(Command, frozen=True):
    """The features to switch; the others stay as they are. Each is named once, and replaced whole."""

    flags: Annotated[tuple[Flag, ...], Meta(min_length=1, max_length=50)]


class TenantFeatures(msgspec.Struct, kw_only=True):
    """How all features are switched. Those that are not in `flags` are off."""

    flags: tuple[Flag, ...] = ()
    version: int = 1
    updated_at: datetime

    def flag(self, feature: Feature) -> Flag:
        found = (flag for flag in self.flags if flag.feature is feature)
        return next(found, Flag(feature=feature, state=FlagState.OFF))

    def switch(self, order: ChangeFeatures, *, now: datetime) -> list[str]:
        """Carry out `order`, and name the features that are now different."""
        _must_be_sound(order.flags)
        changed = [flag for flag in order.flags if flag != self.flag(flag.feature)]
        if changed:
            kept = {flag.feature: flag for flag in (*self.flags, *changed)}
            self.flags = tuple(kept[feature] for feature in sorted(kept))
            self.version += 1
            self.updated_at = max(now, self.updated_at)
        return [flag.feature.value for flag in changed]


def _must_be_sound(flags: tuple[Flag, ...]) -> None:
    faults = []
    for at, flag in enumerate(flags):
        names = [variant.name for variant in flag.variants]
        if flag.feature in [other.feature for other in flags[:at]]:
            faults.append(FieldError(f"flags[{at}].feature", "repeated", "Each feature is named once."))
        if len(set(names)) != len(names):
            faults.append(FieldError(f"flags[{at}].variants", "repeated", "Each variant has a name of its own."))
        if names and not any(variant.weight for variant in flag.variants):
            faults.append(FieldError(f"flags[{at}].variants", "no_weight", "One variant at least has a weight."))
    if faults:
        raise ValidationFailed.all_of(faults)


def _drawn(tenant: UUID, feature: Feature, user: UUID, purpose: str) -> int:
    """A number from 0 to 9,999: the same for the same user each time, and of no pattern over users."""
    text = f"{tenant}/{feature.value}/{user}/{purpose}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) % _STEPS
