"""Sessions that are carried on by refresh tokens, that can be listed, and ended one by one or all together.

Only digests of refresh tokens are kept. What has run out is cleared by the logins that come after it, a few at a time.

Revision: 0140, after 0133.
"""

from infra.postgres.schema import offer_function, run

revision = "0140"
down_revision = "0133"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_OLD_OPEN = "directory.open_session(text, text, uuid, text, interval)"
_HELD = "(m.suspended_at is not null or t.suspended_at is not null)"
_MEMBER = "references directory.memberships (account_id, tenant_id)"

START = "directory.start_session(uuid, uuid, uuid, bytea, jsonb)"
"""Called by the two that follow only: nobody else may."""

FUNCTIONS = {
    "directory.open_session(text, text, text, uuid, bytea, jsonb)": f"""
        create function directory.open_session(
            address text, hash text, wanted text, session uuid, refresh bytea, terms jsonb,
            out account uuid, out tenant uuid, out member uuid, out role text, out plan text, out held boolean,
            out tenants jsonb
        ) language plpgsql {_AS_OWNER} as $$
        begin
            select a.id into account from accounts a where a.email = address and a.password_hash = hash
            for no key update;
            select m.tenant_id, m.user_id, m.role, t.plan, {_HELD} into tenant, member, role, plan, held
            from memberships m join tenants t on t.id = m.tenant_id
            where m.account_id = account and (wanted is null or t.slug = wanted)
            order by {_HELD}, m.last_used_at desc, m.tenant_id limit 1;
            if tenant is not null and not held then
                tenants := start_session(account, tenant, session, refresh, terms);
            end if;
        end
        $$
    """,
    "directory.switch_session(uuid, uuid, uuid, bytea, jsonb)": f"""
        create function directory.switch_session(
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
    """,
    "directory.refresh_session(bytea, bytea, timestamptz, interval, jsonb)": f"""
        create function directory.refresh_session(
            given bytea, fresh bytea, at timestamptz, grace interval, caller jsonb,
            out outcome text, out session uuid, out account uuid, out tenant uuid, out member uuid, out role text,
            out plan text, out issued_at timestamptz
        ) language plpgsql {_AS_OWNER} as $$
        declare
            moment timestamptz;
            found_session sessions;
            token refresh_tokens;
            held boolean;
        begin
            outcome := 'unknown';
            select s.* into found_session from sessions s
            where s.id = (select r.session_id from refresh_tokens r where r.digest = given) for update;
            moment := clock_timestamp();
            select r.* into token from refresh_tokens r where r.digest = given;
            if token.digest is null or found_session.expires_at <= moment then
                return;
            end if;
            session := found_session.id;
            select m.account_id, m.tenant_id, m.user_id, m.role, t.plan, {_HELD}
            into account, tenant, member, role, plan, held
            from memberships m join tenants t on t.id = m.tenant_id
            where m.account_id = found_session.account_id and m.tenant_id = found_session.tenant_id;
            if held then
                outcome := 'suspended';
            elsif token.used_at is null then
                outcome := 'rotated';
                issued_at := at;
                update refresh_tokens r set used_at = moment, successor = fresh where r.digest = given;
                insert into refresh_tokens (digest, session_id, issued_at) values (fresh, session, at);
                update sessions s set last_used_at = moment, expires_at = least(s.ends_at, moment + s.idle),
                                      ip = caller->>'ip', agent = caller->>'agent' where s.id = session;
            elsif token.used_at > moment - grace and exists (
                select from refresh_tokens n where n.digest = token.successor and n.used_at is null
            ) then
                select n.issued_at into issued_at from refresh_tokens n where n.digest = fresh;
                outcome := case when token.successor = fresh then 'repeated' else 'unknown' end;
                session := case when token.successor = fresh then session end;
            else
                outcome := 'reused';
                delete from sessions s where s.id = session;
            end if;
        end
        $$
    """,
    "directory.sessions_of(uuid)": f"""
        create function directory.sessions_of(whose uuid) returns table (
            id uuid, tenant uuid, slug text, name text, ip text, agent text, created_at timestamptz,
            last_used_at timestamptz, expires_at timestamptz
        ) language sql stable {_AS_OWNER} as $$
            select s.id, t.id, t.slug, t.name, s.ip, s.agent, s.created_at, s.last_used_at, s.expires_at
            from sessions s join tenants t on t.id = s.tenant_id
            where s.account_id = whose and s.expires_at > now() order by s.last_used_at desc, s.id desc
        $$
    """,
    "directory.end_session(uuid, uuid)": f"""
        create function directory.end_session(whose uuid, which uuid) returns boolean language sql {_AS_OWNER} as $$
            with ended as (
                delete from sessions s where s.id = which and s.account_id = whose returning s.expires_at
            )
            select exists (select from ended e where e.expires_at > now())
        $$
    """,
    "directory.end_sessions(uuid, uuid, uuid)": f"""
        create function directory.end_sessions(whose uuid, but uuid, of_tenant uuid) returns integer
        language sql {_AS_OWNER} as $$
            with ended as (
                delete from sessions s
                where s.account_id = whose and s.id is distinct from but
                  and (of_tenant is null or s.tenant_id = of_tenant)
                returning s.expires_at
            )
            select count(*)::integer from ended e where e.expires_at > now()
        $$
    """,
}


def upgrade() -> None:
    _make_tables()
    run(f"drop function {_OLD_OPEN}", _START_SESSION, f"revoke all on function {START} from public")
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


_START_SESSION = f"""
    create function directory.start_session(
        account uuid, tenant uuid, session uuid, refresh bytea, terms jsonb, out tenants jsonb
    ) language plpgsql {_AS_OWNER} as $$
    begin
        delete from sessions s where s.id in (
            select o.id from sessions o where o.account_id = account and o.expires_at > now()
            order by o.last_used_at desc, o.id desc offset (terms->>'most')::integer - 1);
        delete from sessions s where s.id in (
            select o.id from sessions o where o.expires_at <= now() order by o.expires_at limit 10
            for update skip locked);
        insert into sessions (id, account_id, tenant_id, idle, ends_at, expires_at, ip, agent)
        values (session, account, tenant, (terms->>'idle')::interval, now() + (terms->>'longest')::interval,
                now() + least((terms->>'idle')::interval, (terms->>'longest')::interval),
                terms->>'ip', terms->>'agent');
        insert into refresh_tokens (digest, session_id, issued_at) values (refresh, session, now());
        update memberships m set last_used_at = now() where m.account_id = account and m.tenant_id = tenant;
        select jsonb_agg(jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'role', m.role)
                         order by t.name, t.id)
        into tenants
        from memberships m join tenants t on t.id = m.tenant_id
        where m.account_id = account and m.suspended_at is null and t.suspended_at is null;
    end
    $$
"""


def _make_tables() -> None:
    run(
        "alter table directory.sessions drop constraint sessions_account_id_tenant_id_fkey",
        "alter table directory.sessions add constraint sessions_account_id_tenant_id_fkey"
        f" foreign key (account_id, tenant_id) {_MEMBER} on delete cascade",
        "alter table directory.sessions add idle interval not null default interval '24 hours',"
        " add ends_at timestamptz not null default 'infinity', add last_used_at timestamptz not null default now(),"
        " add ip text, add agent text",
        "create index sessions_by_end on directory.sessions (expires_at)",
        """
        create table directory.refresh_tokens (
            digest bytea primary key,
            session_id uuid not null references directory.sessions on delete cascade,
            issued_at timestamptz not null,
            used_at timestamptz,
            successor bytea
        )
        """,
        "create index refresh_tokens_by_session on directory.refresh_tokens (session_id)",
    )


def downgrade() -> None:
    for signature in (*FUNCTIONS, START):
        run(f"drop function {signature}")
    run(
        "drop table directory.refresh_tokens",
        "drop index directory.sessions_by_end",
        "alter table directory.sessions drop agent, drop ip, drop last_used_at, drop ends_at, drop idle",
        "alter table directory.sessions drop constraint sessions_account_id_tenant_id_fkey",
        "alter table directory.sessions add constraint sessions_account_id_tenant_id_fkey"
        f" foreign key (account_id, tenant_id) {_MEMBER}",
        _OLD_OPEN_SESSION,
    )
    offer_function(_OLD_OPEN)


_OLD_OPEN_SESSION = f"""
    create function directory.open_session(
        address text, hash text, session uuid, wanted text, lifetime interval,
        out account uuid, out tenant uuid, out member uuid, out role text, out tenants jsonb
    ) language plpgsql {_AS_OWNER} as $$
        begin
            select m.account_id, m.tenant_id, m.user_id, m.role into account, tenant, member, role
            from accounts a join memberships m on m.account_id = a.id join tenants t on t.id = m.tenant_id
            where a.email = address and a.password_hash = hash and (wanted is null or t.slug = wanted)
            order by m.last_used_at desc, m.tenant_id limit 1;
            if account is null then
                return;
            end if;
            insert into sessions (id, account_id, tenant_id, expires_at)
            values (session, account, tenant, now() + lifetime);
            update memberships m set last_used_at = now() where m.account_id = account and m.tenant_id = tenant;
            select jsonb_agg(jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'role', m.role)
                             order by t.name, t.id)
            into tenants
            from memberships m join tenants t on t.id = m.tenant_id where m.account_id = account;
        end
        $$
"""
