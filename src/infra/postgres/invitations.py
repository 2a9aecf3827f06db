"""Invitations in Postgres: the tenant's rows, and their tokens in the directory."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from domains.invitations import Invitation, InvitationStatus, InvitationView, MailedInvitation
from domains.shared.actor import Actor
from domains.shared.clock import Clock
from domains.shared.errors import NotFound
from domains.shared.paging import Page, PageRequest
from domains.shared.permissions import Permission, Role
from infra.postgres.keyset import Keyset, SortKey
from infra.postgres.work import PostgresWork

_FIELDS = "id, email, role, invited_by, expires_at, accepted_at, revoked_at, version, created_at, updated_at"
_IS_USER = "select exists (select from users where email = $1)"
_MAKE_ROOM = """
    update invitations set revoked_at = $2, version = version + 1, updated_at = $2
    where email = $1 and accepted_at is null and revoked_at is null and expires_at <= $2
"""
_INSERT = f"""
    insert into invitations (tenant_id, {_FIELDS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    on conflict (tenant_id, email) where accepted_at is null and revoked_at is null do nothing
    returning true
"""  # noqa: S608 - put together from constants
_FOR_CHANGE = f"select {_FIELDS} from invitations where id = $1 for no key update"  # noqa: S608 - as above
_UPDATE = """
    update invitations set invited_by = $2, expires_at = $3, revoked_at = $4, version = $5, updated_at = $6
    where id = $1
"""
_LETTER = """
    select i.email, i.role, coalesce(u.display_name, t.name) as inviter, t.name as tenant_name, t.locale
    from invitations i join tenants t on t.tenant_id = i.tenant_id
    left join users u on u.tenant_id = i.tenant_id and u.id = i.invited_by
    where i.id = $1 and i.accepted_at is null and i.revoked_at is null
    for no key update of i
"""
_ISSUE = "select directory.issue_invitation($1, $2)"
_ROUTE = "select tenant, invitation from directory.invitation_of($1)"
_ACCEPT = "select account, role from directory.accept_invitation($1, $2, $3, $4, $5)"
_LIST = Keyset(table="invitations", fields=_FIELDS, sorts={"created_at": SortKey("created_at", datetime)})


class PostgresInvitations:
    """The `Invitations` of the tenant to which the work is bound."""

    def __init__(self, work: PostgresWork) -> None:
        self._work = work

    async def is_user(self, email: str) -> bool:
        return bool(await self._work.connection.fetchval(_IS_USER, email))

    async def add(self, invitation: Invitation) -> bool:
        connection, of = self._work.connection, invitation
        await connection.execute(_MAKE_ROOM, of.email, of.created_at)
        return bool(
            await connection.fetchval(
                _INSERT, self._work.tenant, of.id, of.email, of.role.value, of.invited_by, of.expires_at,
                of.accepted_at, of.revoked_at, of.version, of.created_at, of.updated_at,
            )
        )  # fmt: skip

    async def for_change(self, invitation_id: UUID) -> Invitation:
        row = await self._work.connection.fetchrow(_FOR_CHANGE, invitation_id)
        if row is None:
            raise NotFound.one("invitation")
        return _invitation(row)

    async def save(self, invitation: Invitation) -> None:
        of = invitation
        await self._work.connection.execute(
            _UPDATE, of.id, of.invited_by, of.expires_at, of.revoked_at, of.version, of.updated_at
        )

    async def letter(self, invitation_id: UUID) -> MailedInvitation | None:
        row = await self._work.connection.fetchrow(_LETTER, invitation_id)
        if row is None:
            return None
        return MailedInvitation(row["email"], Role(row["role"]), row["inviter"], row["tenant_name"], row["locale"])

    async def issue(self, invitation_id: UUID, digest: bytes) -> None:
        await self._work.connection.execute(_ISSUE, digest, invitation_id)

    async def route(self, digest: bytes) -> tuple[UUID, UUID] | None:
        row = await self._work.connection.fetchrow(_ROUTE, digest)
        return (row["tenant"], row["invitation"]) if row and row["tenant"] else None

    async def accept(
        self, digest: bytes, *, account: UUID, password_hash: str | None, user: UUID, now: datetime
    ) -> tuple[UUID | None, Role | None]:
        row = await self._work.connection.fetchrow(_ACCEPT, digest, account, password_hash, user, now)
        if row is None:
            return None, None
        return row["account"], Role(row["role"]) if row["role"] else None


class PostgresInvitationQueries:
    """The `InvitationQueries` of the actor's tenant."""

    def __init__(self, actor: Actor, clock: Clock, work: PostgresWork) -> None:
        self._actor = actor
        self._clock = clock
        self._work = work

    async def page(self, status: InvitationStatus | None, request: PageRequest) -> Page[InvitationView]:
        self._actor.must(Permission.INVITATIONS_READ)
        now = self._clock.now()
        async with self._work:
            return await _LIST.page(
                self._work.connection,
                list(_conditions(status, now)),
                request,
                lambda row: InvitationView.of(_invitation(row), now=now),
            )


def _conditions(status: InvitationStatus | None, now: datetime) -> Iterator[tuple[str, object]]:
    match status:
        case InvitationStatus.ACCEPTED:
            yield ("(accepted_at is not null) = {}", True)
        case InvitationStatus.REVOKED:
            yield ("(revoked_at is not null) = {}", True)
        case InvitationStatus.PENDING | InvitationStatus.EXPIRED:
            yield ("(accepted_at is null and revoked_at is null) = {}", True)
            yield ("expires_at > {}" if status is InvitationStatus.PENDING else "expires_at <= {}", now)
        case None:
            return


def _invitation(row: asyncpg.Record) -> Invitation:
    return msgspec.convert({name: row[name] for name in Invitation.__struct_fields__}, Invitation)
