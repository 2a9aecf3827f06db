"""What is going on is not carried past its end: sessions by switching, invitations by whom they outlive.

Opening a session by switching waits for whoever ends all sessions of the account, and looks again after that. Half of
the sessions that an account may have can come of switching, so that nobody pushes all others out that way. An
invitation is worth what its maker may still give, and nothing where the tenant is suspended or closed.

Revision: 0190, after 0184.
"""

from infra.postgres.schema import BOUND_TENANT, run

revision = "0190"
down_revision = "0184"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_HELD = "(m.suspended_at is not null or t.suspended_at is not null)"
_RANKS = "array['member', 'staff', 'admin', 'owner']"
_STILL_GIVEN = f"""
            and exists (
                select from memberships m join tenants p on p.id = m.tenant_id
                where m.tenant_id = i.tenant_id and m.user_id = i.invited_by and m.suspended_at is null
                and array_position({_RANKS}, m.role) >= array_position({_RANKS}, i.role)
                and p.suspended_at is null and p.deletes_at is null
            )
"""

_SWITCH = f"""
        create or replace function directory.switch_session(
            present uuid, wanted uuid, session uuid, refresh bytea, terms jsonb,
            out account uuid, out tenant uuid, out member uuid, out role text, out plan text, out held boolean,
            out tenants jsonb
        ) language plpgsql {_AS_OWNER} as $$
        declare
            old sessions;
        begin
            perform from accounts a where a.id = (select s.account_id from sessions s where s.id = present)
            for no key update;
            select s.* into old from sessions s where s.id = present and s.expires_at > now();
            select m.account_id, m.tenant_id, m.user_id, m.role, t.plan, {_HELD}
            into account, tenant, member, role, plan, held
            from memberships m join tenants t on t.id = m.tenant_id
            where m.account_id = old.account_id and m.tenant_id = wanted;
            if tenant is not null and not held then
                delete from sessions s where s.id in (
                    select o.id from sessions o
                    where o.account_id = account and o.is_switched and o.expires_at > now()
                    order by o.last_used_at desc, o.id desc offset greatest((terms->>'most')::integer / 2 - 1, 0));
                tenants := start_session(account, tenant, session, refresh, terms);
                update sessions s set is_switched = true, idle = old.idle, ends_at = old.ends_at,
                                      expires_at = least(old.ends_at, now() + old.idle) where s.id = session;
            end if;
        end
        $$
"""
_SWITCH_BEFORE = f"""
        create or replace function directory.switch_session(
            present uuid, wanted uuid, session uuid, refresh bytea, terms jsonb,
            out account uuid, out tenant uuid, out member uuid, out role text, out plan text, out held boolean,
            out tenants jsonb
        ) language plpgsql {_AS_OWNER} as $$
        declare
            old sessions;
        begin
            select s.* into old from sessions s where s.id = present and s.expires_at > now();
            select m.account_id, m.tenant_id, m.user_id, m.role, t.plan, {_HELD}
            into account, tenant, member, role, plan, held
            from memberships m join tenants t on t.id = m.tenant_id
            where m.account_id = old.account_id and m.tenant_id = wanted;
            if tenant is not null and not held then
                perform from accounts a where a.id = account for no key update;
                tenants := start_session(account, tenant, session, refresh, terms);
                update sessions s set idle = old.idle, ends_at = old.ends_at,
                                      expires_at = least(old.ends_at, now() + old.idle) where s.id = session;
            end if;
        end
        $$
"""
_END_ALL = f"""
        create or replace function directory.end_sessions(whose uuid, but uuid, of_tenant uuid) returns integer
        language plpgsql {_AS_OWNER} as $$
        declare
            total integer;
        begin
            perform from accounts a where a.id = whose for no key update;
            with ended as (
                delete from sessions s
                where s.account_id = whose and s.id is distinct from but
                  and (of_tenant is null or s.tenant_id = of_tenant)
                returning s.expires_at
            )
            select count(*)::integer into total from ended e where e.expires_at > now();
            return total;
        end
        $$
"""
_END_ALL_BEFORE = f"""
        create or replace function directory.end_sessions(whose uuid, but uuid, of_tenant uuid) returns integer
        language sql {_AS_OWNER} as $$
            with ended as (
                delete from sessions s
                where s.account_id = whose and s.id is distinct from but
                  and (of_tenant is null or s.tenant_id = of_tenant)
                returning s.expires_at
            )
            select count(*)::integer from ended e where e.expires_at > now()
        $$
"""


def upgrade() -> None:
    run("alter table directory.sessions add is_switched boolean not null default false")
    run(_SWITCH, _END_ALL, _accept(_STILL_GIVEN))


def downgrade() -> None:
    run(_SWITCH_BEFORE, _END_ALL_BEFORE, _accept(""), "alter table directory.sessions drop is_switched")


def _accept(condition: str) -> str:
    return f"""
        create or replace function directory.accept_invitation(
            token bytea, new_account uuid, hash text, member uuid, at timestamptz, out account uuid, out role text
        ) language plpgsql {_AS_OWNER} as $$
        declare
            invited public.invitations;
        begin
            update public.invitations i set accepted_at = at, version = i.version + 1, updated_at = at
            from invitation_tokens t
            where t.digest = token and t.tenant_id = {BOUND_TENANT}
            and i.tenant_id = t.tenant_id and i.id = t.invitation_id
            and i.accepted_at is null and i.revoked_at is null and i.expires_at > at
{condition}            returning i.* into invited;
            if invited.id is null then
                return;
            end if;
            if hash is not null then
                insert into accounts (id, email, password_hash, verified_at)
                values (new_account, invited.email, hash, at) on conflict do nothing;
                if not found then
                    return;
                end if;
                delete from registrations r where r.email = invited.email;
            end if;
            select a.id into account from accounts a where a.email = invited.email;
            insert into memberships (account_id, tenant_id, user_id, role)
            select account, invited.tenant_id, member, invited.role where account is not null
            on conflict (account_id, tenant_id) do nothing;
            if found then
                role := invited.role;
            end if;
        end
        $$
    """
