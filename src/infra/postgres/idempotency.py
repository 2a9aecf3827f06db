"""Requests that come twice: the first one's result is stored with what it did, in the same transaction."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from domains.shared.idempotency import IdempotencyInProgress, IdempotencyKeyReused, RepeatableRequest, Replayed
from infra.postgres.statements import Statements

_KEPT = timedelta(hours=24)

_CLAIM = """
    select pg_try_advisory_xact_lock($1) as is_first, k.fingerprint, k.result
    from (select 1) as one left join idempotency_keys k
    on k.caller_id = $2 and k.operation = $3 and k.key = $4 and k.created_at > now() - $5::interval
"""
_KEEP = """
    insert into idempotency_keys (tenant_id, caller_id, operation, key, fingerprint, result)
    values ($1, $2, $3, $4, $5, $6)
    on conflict (tenant_id, caller_id, operation, key) do update
    set fingerprint = excluded.fingerprint, result = excluded.result, created_at = now()
    where idempotency_keys.created_at <= now() - $7::interval
"""


async def claim(connection: Statements, tenant: UUID, request: RepeatableRequest) -> None:
    """Make this transaction the one that carries `request` out.

    Raise `Replayed` when another did, `IdempotencyInProgress` when another does, `IdempotencyKeyReused` when the key
    belongs to another request.
    """
    row = await connection.fetchrow(
        _CLAIM, _lock_of(tenant, request), request.caller or tenant, request.operation, request.key, _KEPT
    )
    if row is None or not row["is_first"]:
        raise IdempotencyInProgress("Ask again in a moment.")
    if row["fingerprint"] is None:
        return
    if row["fingerprint"] != request.fingerprint:
        raise IdempotencyKeyReused("Take a new key for a new request.")
    request.was_replayed = True
    raise Replayed(row["result"])


async def keep(connection: Statements, tenant: UUID, request: RepeatableRequest, result: Any) -> None:
    """Store the result. Raise `IdempotencyInProgress` when another has just stored one: then nothing is done here."""
    stored = await connection.execute(
        _KEEP,
        tenant,
        request.caller or tenant,
        request.operation,
        request.key,
        request.fingerprint,
        msgspec.json.encode(result).decode(),
        _KEPT,
    )
    if stored != "INSERT 0 1":
        raise IdempotencyInProgress("Ask again in a moment.")


def _lock_of(tenant: UUID, request: RepeatableRequest) -> int:
    """A key for an advisory lock; the tenant is part of it, so that none can stall another."""
    name = b"\0".join(
        [tenant.bytes, (request.caller or tenant).bytes, request.operation.encode(), request.key.encode()]
    )
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), signed=True)
