"""Storing what has happened, and an envelope for each who waits to hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.envelopes import Envelope
from domains.shared.events import Event, Recorded
from domains.shared.ids import new_id

Subscriptions = Mapping[str, Sequence[str]]

_OF_ENVELOPE = frozenset(Event.__struct_fields__)
_EVENT = """
    insert into events
        (tenant_id, id, type, version, subject_id, subject_version, actor_id, correlation_id, occurred_at, data,
         causation_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_STREAMED_EVENT = f"""
    with stored as ({_EVENT})
    insert into work.stream (tenant_id, event_id, type, audience, subject_id, subject_version)
    values ($1, $2, $3, $12, $5, $6)
"""  # noqa: S608 - put together from constants
_ENVELOPE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, $5)"


class Origin(msgspec.Struct, frozen=True):
    """Where work comes from: the request or job, the user, if one is known; of a request, its IP and agent.

    `causation` is the event or envelope that the work follows.
    """

    correlation: str | None = None
    user: UUID | None = None
    ip: str | None = None
    agent: str | None = None
    causation: UUID | None = None


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


async def store(connection: asyncpg.Connection, event: Recorded, hearers: Hearers) -> list[Envelope]:
    """Store one event in the transaction under way, and an envelope for each subscriber; give these."""
    statement, streamed = (_EVENT, ()) if hearers.audience is None else (_STREAMED_EVENT, (hearers.audience,))
    await connection.execute(
        statement,
        event.tenant,
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
        *streamed,
    )
    told = [
        Envelope(event.tenant, new_id(), subscriber, event.id, event.occurred_at, about=event.subject)
        for subscriber in hearers.subscribers
    ]
    for envelope in told:
        await plan(connection, envelope)
    return told


async def plan(connection: asyncpg.Connection, envelope: Envelope) -> None:
    """Store an envelope in the transaction under way."""
    await connection.execute(_ENVELOPE, envelope.tenant, envelope.id, envelope.kind, envelope.subject, envelope.due_at)
