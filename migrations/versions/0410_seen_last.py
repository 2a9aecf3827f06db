"""When a member was seen last outlives the session in which they were.

Where another transaction holds the membership, nobody waits: the next use makes up for it.

Revision: 0410, after 0400.
"""

from infra.postgres.schema import BOUND_TENANT, run

revision = "0410"
down_revision = "0400"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_LATEST_SESSION = """(
    select max(s.last_used_at) from sessions s where s.account_id = m.account_id and s.tenant_id = m.tenant_id)"""


def upgrade() -> None:
    run(
        "alter table directory.memberships add seen_at timestamptz",
        """
        update directory.memberships m set seen_at = (select max(s.last_used_at) from directory.sessions s
            where s.account_id = m.account_id and s.tenant_id = m.tenant_id)
        """,
        f"""
        create function directory.note_session_use() returns trigger language plpgsql {_AS_OWNER} as $$
        begin
            update memberships m set seen_at = new.last_used_at where (m.account_id, m.tenant_id) in (
                select o.account_id, o.tenant_id from memberships o
                where o.account_id = new.account_id and o.tenant_id = new.tenant_id
                  and (o.seen_at is null or o.seen_at < new.last_used_at)
                for no key update skip locked);
            return null;
        end
        $$
        """,
        "revoke all on function directory.note_session_use() from public",
        "create trigger session_used after insert or update of last_used_at on directory.sessions for each row"
        " execute function directory.note_session_use()",
        _last_seen("m.seen_at"),
    )


def downgrade() -> None:
    run(
        _last_seen(_LATEST_SESSION),
        "drop trigger session_used on directory.sessions",
        "drop function directory.note_session_use()",
        "alter table directory.memberships drop seen_at",
    )


def _last_seen(seen: str) -> str:
    return f"""
        create or replace function directory.last_seen_at(member uuid) returns timestamptz
        language sql stable {_AS_OWNER} as $$
            select greatest(m.last_used_at, {seen})
            from memberships m where m.tenant_id = {BOUND_TENANT} and m.user_id = member
        $$
    """
