"""Writing the audit log: each note becomes an entry, in the transaction of what it tells of."""

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any, Self
from uuid import UUID

import msgspec

from domains.shared.audit import Note
from domains.shared.clock import timestamp
from domains.shared.ids import new_id
from infra.postgres.recording import Origin
from infra.postgres.statements import Statements
from infra.postgres.tables import Privacy, TenantTable
from infra.postgres.writes import Write

_ENTRY = """
    insert into audit_log (tenant_id, id, occurred_at, actor_id, action, subject_id, request_id, changes,
                           origin, origin_salt, personal, personal_salt)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_UNSEALED = "insert into work.unsealed (tenant_id, id) values ($1, $2)"
_SECURITY_EVENT = "select directory.note_security_event($1, $2, $3, $4, $5, $6, $7)"
_SALT_BYTES = 16
_NUMBERS, _LISTS = (int, float), (list, tuple)
_OF_THE_ROW = frozenset({"id", "created_at", "updated_at"})
_LAST = frozenset({"version"})
_PERSONAL, _SECRET = Privacy.PERSONAL, Privacy.SECRET
_PRIVACY_OF: MappingProxyType[str, dict[str, Privacy | None]] = MappingProxyType(
    {
        mapper.class_.__name__.removesuffix("Row"): {
            column.name: column.info.get("privacy") for column in mapper.local_table.columns
        }
        for mapper in TenantTable.registry.mappers
    }
)

SECRET: list[Any] = []
"""Stands where both values of a public change would: it is known that a secret changed, and no more."""


class Circumstances(msgspec.Struct, frozen=True):
    """What a unit of work knows of a note: whose transaction it is, who asked, from where, and when."""

    tenant: UUID | None
    user: UUID | None
    request: str | None
    ip: str | None
    agent: str | None
    now: datetime
    key: UUID | None = None

    @classmethod
    def of(cls, tenant: UUID | None, origin: Origin, *, now: datetime) -> Self:
        return cls(tenant, origin.user, origin.correlation, origin.ip, origin.agent, now, origin.key)


class Differences(msgspec.Struct, frozen=True):
    """What changed, by field: `[before, after]`. In `public` a personal field is None: its values are in `personal`."""

    public: dict[str, list[Any] | None] = {}
    personal: dict[str, list[Any]] = {}


async def store_security_event(connection: Statements, note: Note, around: Circumstances) -> None:
    """Write `note`, of which no tenant is known, among the directory's security events."""
    await connection.execute(
        _SECURITY_EVENT, new_id(), around.now, note.action, note.address, around.request, around.ip, around.agent
    )


def entered(note: Note, around: Circumstances) -> Iterator[Write]:
    """What writes `note` into the tenant's log, to be sealed."""
    found, entry = differences(note.before, note.after), new_id()
    public = {**found.public, **{name: [None, fact] for name, fact in note.facts.items()}}
    yield Write(
        _ENTRY,
        (
            entry,
            around.now,
            note.actor or around.user,
            note.action,
            note.subject,
            around.request,
            msgspec.json.encode(public).decode(),
            *_part(_origin(around)),
            *_part(found.personal),
        ),
    )
    yield Write(_UNSEALED, (entry,))


def _origin(around: Circumstances) -> dict[str, Any]:
    """From where it came, as far as that is known."""
    known = {"ip": around.ip, "agent": around.agent, "key": around.key}
    return {name: value for name, value in known.items() if value is not None}


def differences(before: msgspec.Struct | None, after: msgspec.Struct | None) -> Differences:
    """What is not the same in two states of one entity, told apart by what the columns of its table declare.

    The table of a `Customer` is that of `CustomerRow`. Raise `LookupError` for an entity without one, and for a field
    without a column: nobody said what it holds.
    """
    found, entity = Differences(), after or before
    if entity is None:
        return found
    privacy = _PRIVACY_OF[type(entity).__name__]
    was, became = _fields(before), _fields(after)
    for name in _in_order(type(entity)):
        values = [was.get(name), became.get(name)]
        if values[0] == values[1]:
            continue
        kept = privacy[name]
        if kept is _PERSONAL:
            found.public[name], found.personal[name] = None, values
        else:
            found.public[name] = SECRET if kept is _SECRET else values
    return found


@cache
def _in_order(entity: type[msgspec.Struct]) -> Sequence[str]:
    """The fields that are told of."""
    return sorted((name for name in entity.__struct_fields__ if name not in _OF_THE_ROW), key=_LAST.__contains__)


def _fields(entity: msgspec.Struct | None) -> dict[str, Any]:
    """By field, as JSON would have it; what is empty is left out, so that a new record shows what was filled in."""
    if entity is None:
        return {}
    values = msgspec.to_builtins(msgspec.structs.asdict(entity), builtin_types=(datetime,))
    return {
        name: _shown(value)
        for name in _in_order(type(entity))
        if (value := values[name]) or isinstance(value, _NUMBERS)
    }


def _shown(value: Any) -> Any:
    """Times as the API shows them."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return timestamp(value)
    if isinstance(value, _LISTS):
        return type(value)(map(_shown, value))
    return {name: _shown(each) for name, each in value.items()} if isinstance(value, dict) else value


def _part(content: dict[str, Any]) -> tuple[str | None, bytes | None]:
    """A personal part and its salt, or neither where there is nothing to say."""
    return (msgspec.json.encode(content).decode(), os.urandom(_SALT_BYTES)) if content else (None, None)
