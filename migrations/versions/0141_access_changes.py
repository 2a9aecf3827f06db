"""What each API process must forget: a line for every session, membership or tenant whose access has changed.

Triggers write the lines, whoever makes the change, and a suspended member's sessions are ended with it. A line tells
its transaction, because one may commit after another with a higher number: a reader gives the snapshot that it saw
last, and gets exactly what has become visible since.

Revision: 0141, after 0140.
"""

from infra.postgres.schema import offer_function, run

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_KEPT = "interval '1 hour'"
_CAUGHT_UP = "interval '30 minutes'"

ACCESS = "directory.access(uuid)"
SINCE = "directory.access_changes_since(text, timestamptz)"
TRIGGER_FUNCTIONS = {
    "directory.note_access_change()": f"""
        create function directory.note_access_change() returns trigger language plpgsql {_AS_OWNER} as $$
        begin
            if tg_table_name = 'memberships' then
                insert into access_changes (tenant, account) values (old.tenant_id, old.account_id);
            elsif tg_table_name = 'tenants' then
                insert into access_changes (tenant) values (old.id);
            else
                insert into access_changes (session) values (old.id);
            end if;
            delete from access_changes c where (c.made_in, c.id) in (
                select o.made_in, o.id from access_changes o where o.noted_at < now() - {_KEPT}
                order by o.noted_at limit 10 for update skip locked);
            return null;
        end
        $$
    """,
    "directory.end_with_membership()": f"""
        create function directory.end_with_membership() returns trigger language plpgsql {_AS_OWNER} as $$
        begin
            delete from sessions s where s.account_id = new.account_id and s.tenant_id = new.tenant_id;
            return null;
        end
        $$
    """,
}
TRIGGERS = {
    "session_ended": "after delete on directory.sessions for each row when (old.expires_at > now())",
    "session_shortened": "after update on directory.sessions for each row when (new.expires_at < old.expires_at)",
    "membership_ended": "after delete on directory.memberships for each row",
    "membership_changed": "after update on directory.memberships for each row when ("
    "old.role is distinct from new.role or old.suspended_at is distinct from new.suspended_at"
    " or old.user_id is distinct from new.user_id)",
    "tenant_changed": "after update on directory.tenants for each row when ("
    "old.suspended_at is distinct from new.suspended_at or old.plan is distinct from new.plan)",
}


def upgrade() -> None:
    run(
        """
        create table directory.access_changes (
            made_in xid8 not null default pg_current_xact_id(),
            id uuid not null default gen_random_uuid(),
            session uuid,
            tenant uuid,
            account uuid,
            noted_at timestamptz not null default clock_timestamp(),
            primary key (made_in, id)
        )
        """,
        "create index access_changes_by_age on directory.access_changes (noted_at)",
    )
    for signature, body in TRIGGER_FUNCTIONS.items():
        run(body, f"revoke all on function {signature} from public")
    for name, when in TRIGGERS.items():
        run(f"create trigger {name} {when} execute function directory.note_access_change()")
    run(
        "create trigger membership_suspended after update on directory.memberships for each row"
        " when (old.suspended_at is null and new.suspended_at is not null)"
        " execute function directory.end_with_membership()",
        _SINCE,
        f"drop function {ACCESS}",
        _ACCESS,
    )
    offer_function(SINCE)
    offer_function(ACCESS)


_SINCE = f"""
    create function directory.access_changes_since(
        seen text, seen_at timestamptz,
        out snapshot text, out at timestamptz, out is_whole boolean, out changes jsonb
    ) language sql stable {_AS_OWNER} as $$
        select pg_current_snapshot()::text, now(), coalesce(seen_at > now() - {_CAUGHT_UP}, false),
               (select jsonb_agg(jsonb_build_array(c.session, c.tenant, c.account)) from access_changes c
                where c.made_in >= pg_snapshot_xmin(seen::pg_snapshot)
                  and not pg_visible_in_snapshot(c.made_in, seen::pg_snapshot))
    $$
"""


_LIVE = """
    from sessions s
    join memberships m on m.account_id = s.account_id and m.tenant_id = s.tenant_id
    join tenants t on t.id = m.tenant_id
    where s.expires_at > now() and m.suspended_at is null and t.suspended_at is null
"""
_ACCESS = f"""
    create function directory.access(
        session uuid, out account uuid, out tenant uuid, out member uuid, out role text, out plan text,
        out expires_in interval
    ) language sql stable {_AS_OWNER} as $$
        select m.account_id, m.tenant_id, m.user_id, m.role, t.plan, s.expires_at - now() {_LIVE} and s.id = session
    $$
"""
_ACCESS_BEFORE = f"""
        create function directory.access(
            session uuid, out account uuid, out tenant uuid, out member uuid, out role text, out plan text
        ) language sql stable {_AS_OWNER} as $$
            select m.account_id, m.tenant_id, m.user_id, m.role, t.plan {_LIVE} and s.id = session
        $$
"""


def downgrade() -> None:
    run(f"drop function {ACCESS}", _ACCESS_BEFORE, f"drop function {SINCE}")
    offer_function(ACCESS)
    run("drop trigger membership_suspended on directory.memberships")
    for name, when in TRIGGERS.items():
        run(f"drop trigger {name} on {when.split()[3]}")
    for signature in TRIGGER_FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.access_changes")
