"""Writing the audit log: each note becomes an entry, in the transaction of what it tells of."""

import os
from collections.abc import Iterator
from datetime import datetime
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
_EMPTY: tuple[Any, ...] = (None, "", (), [], {})
_OF_THE_ROW = frozenset({"id", "created_at", "updated_at"})
_LAST = frozenset({"version"})
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
    found = Differences()
    for name, values, privacy in _changes(before, after):
        match privacy:
            case Privacy.PERSONAL:
                found.public[name] = None
                found.personal[name] = values
            case Privacy.SECRET:
                found.public[name] = SECRET
            case _:
                found.public[name] = values
    return found


def _changes(
    before: msgspec.Struct | None, after: msgspec.Struct | None
) -> Iterator[tuple[str, list[Any], Privacy | None]]:
    entity = after or before
    if entity is None:
        return
    privacy = _PRIVACY_OF[type(entity).__name__]
    was, became = _fields(before), _fields(after)
    for name in sorted(entity.__struct_fields__, key=_LAST.__contains__):
        if was.get(name) != became.get(name):
            yield name, [was.get(name), became.get(name)], privacy[name]


def _fields(entity: msgspec.Struct | None) -> dict[str, Any]:
    """By field, as JSON would have it; what is empty is left out, so that a new record shows what was filled in."""
    if entity is None:
        return {}
    told = {name: getattr(entity, name) for name in entity.__struct_fields__ if name not in _OF_THE_ROW}
    values = msgspec.to_builtins(told, builtin_types=(datetime,))
    return {name: _shown(value) for name, value in values.items() if value not in _EMPTY}


def _shown(value: object) -> Any:
    """Times as the API shows them."""
    match value:
        case datetime():
            return timestamp(value)
        case list() | tuple():
            return type(value)(_shown(each) for each in value)
        case dict():
            return {name: _shown(each) for name, each in value.items()}
        case _:
            return value


def _part(content: dict[str, Any]) -> tuple[str | None, bytes | None]:
    """A personal part and its salt, or neither where there is nothing to say."""
    return (msgspec.json.encode(content).decode(), os.urandom(_SALT_BYTES)) if content else (None, None)
