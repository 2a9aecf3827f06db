"""How the audit log is shown."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from domains.shared.clock import Timestamp
from domains.shared.wire import View

Action = Annotated[str, Meta(min_length=1, max_length=64, examples=["customer.updated"])]
FieldName = Annotated[str, Meta(max_length=64, examples=["name"])]
Value = Annotated[str, Meta(max_length=1_000_000, examples=["Grace Hopper"])]
Number = Annotated[int, Meta(ge=1, examples=[1])]
Count = Annotated[int, Meta(ge=0)]
Hash = Annotated[str, Meta(min_length=64, max_length=64, pattern="^[0-9a-f]{64}$(?!\n)", examples=["0" * 64])]


class ChangeView(View, frozen=True):
    """One field: a text as it is, anything else as JSON. A secret, and what was erased, is null on both sides."""

    field: FieldName
    before: Value | None
    after: Value | None


class AuditEntryView(View, frozen=True):
    """Who did what, when, from where. `number` and `hash` are null until the entry is sealed, within 5 seconds.

    `actorName` is the present one; `apiKeyId` is the key that acted for the actor. `erased` says that personal values
    of this entry were deleted.
    """

    id: UUID
    number: Number | None
    occurred_at: Timestamp
    actor_id: UUID | None
    actor_name: Annotated[str, Meta(max_length=100, examples=["Grace Hopper"])] | None
    action: Action
    subject_id: UUID | None
    request_id: Annotated[str, Meta(max_length=64)] | None
    ip: Annotated[str, Meta(max_length=64, examples=["192.0.2.7"])] | None
    agent: Annotated[str, Meta(max_length=500, examples=["curl/8.5.0"])] | None
    api_key_id: UUID | None
    changes: Annotated[list[ChangeView], Meta(max_length=200)]
    erased: bool
    hash: Hash | None


class VerificationView(View, frozen=True):
    """Whether the log is as it was sealed.

    `sealed` entries are in the chain, whose last hash is `hash`; `tail` are not sealed yet. `brokenAt` is the first
    number that is changed, missing or out of its place. Who keeps `sealed` and `hash` elsewhere can prove even that the
    whole chain was not made anew.
    """

    valid: bool
    sealed: Count
    tail: Count
    hash: Hash | None
    broken_at: Number | None
