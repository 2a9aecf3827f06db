"""Storing what has happened, and an envelope for each who waits to hear of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from domains.shared.envelopes import Envelope
from domains.shared.events import Event, Recorded
from domains.shared.ids import new_id
from infra.postgres.writes import Write

Subscriptions = Mapping[str, Sequence[str]]

_OF_ENVELOPE = frozenset(Event.__struct_fields__)
_EVENT = """
    insert into events
        (tenant_id, id, type, version, subject_id, subject_version, actor_id, correlation_id, occurred_at, data,
         causation_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_STREAMED = """
    insert into work.stream (tenant_id, event_id, type, audience, subject_id, subject_version)
    values ($1, $2, $3, $4, $5, $6)
"""
_ENVELOPE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, $5)"


class Origin(msgspec.Struct, frozen=True):
    """Where work comes from: the request or job, the user, if one is known; of a request, its IP, agent and API key.

    `causation` is the event or envelope that the work follows.
    """

    correlation: str | None = None
    user: UUID | None = None
    ip: str | None = None
    agent: str | None = None
    causation: UUID | None = None
    key: UUID | None = None


class Hearers(msgspec.Struct, frozen=True):
    """Who hears of an event after the commit: subscribers by an envelope each, and an audience at open sockets."""

    subscribers: Sequence[str]
    audience: str | None = None


def recorded(event: Event, *, tenant: UUID, origin: Origin, now: datetime) -> Recorded:
    """The event with a new id and its circumstances."""
    return Recorded(
        id=new_id(),
        tenant=tenant,
        type=event.type,
        version=event.version,
        subject=event.subject,
        subject_version=event.subject_version,
        actor=origin.user,
        occurred_at=now,
        correlation_id=origin.correlation,
        causation_id=origin.causation,
        data={name: getattr(event, name) for name in event.__struct_fields__ if name not in _OF_ENVELOPE},
    )


def told(event: Recorded, hearers: Hearers) -> list[Envelope]:
    """An envelope for each subscriber of `event`."""
    return [
        Envelope(event.tenant, new_id(), subscriber, event.id, event.occurred_at, about=event.subject)
        for subscriber in hearers.subscribers
    ]


def written(event: Recorded, hearers: Hearers) -> Iterator[Write]:
    """What stores an event, and hands it to open sockets."""
    yield Write(
        _EVENT,
        (
            event.id,
            event.type,
            event.version,
            event.subject,
            event.subject_version,
            event.actor,
            event.correlation_id,
            event.occurred_at,
            msgspec.json.encode(event.data).decode(),
            event.causation_id,
        ),
    )
    if hearers.audience is not None:
        yield Write(_STREAMED, (event.id, event.type, hearers.audience, event.subject, event.subject_version))


def planned(envelope: Envelope) -> Write:
    """What stores an envelope."""
    return Write(_ENVELOPE, (envelope.id, envelope.kind, envelope.subject, envelope.due_at))
