"""Changing what a user is in a tenant, or ending it: in the directory and in the tenant's copy, in one function.

It locks the tenant's owners and both users, so that of two owners who demote each other one stays. What belongs to a
membership or an account goes with it.

Revision: 0172, after 0171.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0172"
down_revision = "0171"
branch_labels = None
depends_on = None

_IN_DIRECTORY = "security definer set search_path = pg_catalog, directory, pg_temp"
_SESSIONS = "sessions_account_id_tenant_id_fkey"

FUNCTIONS = {
    "directory.change_member(uuid, uuid, text, text, timestamptz)": f"""
        create function directory.change_member(acting uuid, member uuid, deed text, wanted text, at timestamptz)
        returns text language plpgsql {_IN_DIRECTORY} as $$
        declare
            tenant uuid := {BOUND_TENANT};
            ranks constant text[] := array['member', 'staff', 'admin', 'owner'];
            actor memberships;
            subject memberships;
        begin
            perform from memberships m
            where m.tenant_id = tenant and (m.role = 'owner' or m.user_id in (acting, member))
            order by m.user_id for no key update;
            select m.* into actor from memberships m
            where m.tenant_id = tenant and m.user_id = acting and m.suspended_at is null;
            select m.* into subject from memberships m where m.tenant_id = tenant and m.user_id = member;
            if subject.user_id is null then
                return 'unknown';
            elsif actor.user_id is null or array_position(ranks, actor.role) < greatest(
                array_position(ranks, subject.role), array_position(ranks, wanted)) then
                return 'above';
            elsif subject.role = 'owner' and subject.suspended_at is null and deed <> 'activate'
                and wanted is distinct from 'owner' and not exists (
                    select from memberships o
                    where o.tenant_id = tenant and o.role = 'owner' and o.suspended_at is null and o.user_id <> member
                ) then
                return 'last_owner';
            end if;
            if deed = 'role' then
                update memberships m set "role" = wanted where m.tenant_id = tenant and m.user_id = member;
                update public.users u set "role" = wanted where u.tenant_id = tenant and u.id = member;
            elsif deed in ('suspend', 'activate') then
                update memberships m set suspended_at = at where m.tenant_id = tenant and m.user_id = member;
                update public.users u set suspended_at = at where u.tenant_id = tenant and u.id = member;
                delete from sessions s
                where deed = 'suspend' and s.tenant_id = tenant and s.account_id = subject.account_id;
            elsif deed = 'remove' then
                delete from memberships m where m.tenant_id = tenant and m.user_id = member;
                perform directory.forget_account(subject.account_id);
            else
                raise exception 'no such deed: %', deed;
            end if;
            return 'done';
        end
        $$
    """,
    "directory.logins_of(uuid[])": f"""
        create function directory.logins_of(members uuid[])
        returns table (member uuid, last_login_at timestamptz, open_sessions bigint)
        language sql stable {_IN_DIRECTORY} as $$
            select m.user_id, m.last_used_at,
                   (select count(*) from sessions s
                    where s.account_id = m.account_id and s.tenant_id = m.tenant_id and s.expires_at > now())
            from memberships m where m.tenant_id = {BOUND_TENANT} and m.user_id = any (members)
        $$
    """,
}
FORGET_ACCOUNT = f"""
    create function directory.forget_account(account uuid) returns void language plpgsql {_IN_DIRECTORY} as $$
    declare
        gone accounts;
    begin
        perform from accounts a where a.id = account for update;
        delete from accounts a
        where a.id = account and not exists (select from memberships m where m.account_id = account)
        returning a.* into gone;
        if gone.id is null then
            return;
        end if;
        delete from registrations r where r.email = gone.email;
        update security_events e set account_id = null, address = null, ip = null, agent = null
        where e.account_id = account or e.address = gone.email;
    end
    $$
"""


def upgrade() -> None:
    run(
        f"alter table directory.sessions drop constraint {_SESSIONS}",
        f"alter table directory.sessions add constraint {_SESSIONS} foreign key (account_id, tenant_id)"
        " references directory.memberships on delete cascade not valid",
        f"alter table directory.sessions validate constraint {_SESSIONS}",
        "create index security_events_by_account on directory.security_events (account_id)",
        "create index security_events_by_address on directory.security_events (address)",
        FORGET_ACCOUNT,
        "revoke all on function directory.forget_account(uuid) from public",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    run(
        *(f"drop function {signature}" for signature in FUNCTIONS),
        "drop function directory.forget_account(uuid)",
        "drop index directory.security_events_by_address",
        "drop index directory.security_events_by_account",
        f"alter table directory.sessions drop constraint {_SESSIONS}",
        f"alter table directory.sessions add constraint {_SESSIONS} foreign key (account_id, tenant_id)"
        " references directory.memberships not valid",
        f"alter table directory.sessions validate constraint {_SESSIONS}",
    )
