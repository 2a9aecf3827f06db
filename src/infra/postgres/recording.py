"""Storing what has happened, and an envelope for each who waits to hear of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.shared.events import Event
from domains.shared.ids import new_id

Subscriptions = Mapping[str, Sequence[str]]

_OF_ENVELOPE = frozenset(Event.__struct_fields__)
_EVENT = """
    insert into events
        (tenant_id, id, type, version, subject_id, subject_version, actor_id, correlation_id, occurred_at, data)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
_STREAMED_EVENT = f"""
    with stored as ({_EVENT})
    insert into work.stream (tenant_id, event_id, type, audience, subject_id, subject_version)
    values ($1, $2, $3, $11, $5, $6)
"""  # noqa: S608 - put together from constants
_ENVELOPE = "insert into work.envelopes (tenant_id, id, kind, subject_id, due_at) values ($1, $2, $3, $4, $5)"
_SETTLED = "delete from work.envelopes where id = $1"


class SettledByAnother(Exception):
    """Another worker has done it meanwhile: what was done here is undone."""


class Origin(msgspec.Struct, frozen=True):
    """Where work comes from: the request or job, the user, if one is known; of a request, its IP, agent and API key."""

    correlation: str | None = None
    user: UUID | None = None
    ip: str | None = None
    agent: str | None = None
    key: UUID | None = None


class Hearers(msgspec.Struct, frozen=True):
    """Who hears of an event after the commit: subscribers by an envelope each, and an audience at open sockets."""

    subscribers: Sequence[str]
    audience: str | None = None


async def store(
    connection: asyncpg.Connection,
    event: Event,
    *,
    tenant: UUID,
    origin: Origin,
    hearers: Hearers,
    now: datetime,
) -> None:
    """Store one event in the transaction under way."""
    event_id = new_id()
    data = {name: getattr(event, name) for name in event.__struct_fields__ if name not in _OF_ENVELOPE}
    statement, streamed = (_EVENT, ()) if hearers.audience is None else (_STREAMED_EVENT, (hearers.audience,))
    await connection.execute(
        statement,
        tenant,
        event_id,
        event.type,
        event.version,
        event.subject,
        event.subject_version,
        origin.user,
        origin.correlation,
        now,
        msgspec.json.encode(data).decode(),
        *streamed,
    )
    for subscriber in hearers.subscribers:
        await plan(connection, subscriber, event_id, tenant=tenant, at=now)


async def plan(connection: asyncpg.Connection, kind: str, subject: UUID, *, tenant: UUID, at: datetime) -> None:
    """Store an envelope in the transaction under way."""
    await connection.execute(_ENVELOPE, tenant, new_id(), kind, subject, at)


async def settle(connection: asyncpg.Connection, envelope: UUID) -> None:
    """Take an envelope away in the transaction under way. Raise `SettledByAnother` when it is gone."""
    if await connection.execute(_SETTLED, envelope) != "DELETE 1":
        raise SettledByAnother(envelope)
