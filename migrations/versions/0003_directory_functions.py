"""The closed list of what the application may ask of the directory.

Each function takes the exact secret, address or id, and returns one row. Each runs as the owner with a pinned search
path.

Revision: 0003, after 0002.
"""

from infra.postgres.schema import offer_function, run

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Each open registration has a code of its own: the more of them, the easier one is guessed.
_LIVE_REGISTRATIONS = 3
_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.start_registration(uuid, uuid, text, text, text, text, jsonb, text, timestamptz)": f"""
        create function directory.start_registration(
            registration uuid, tenant uuid, address text, hash text, business text, person text, details jsonb,
            terms text, accepted_at timestamptz
        ) returns void language sql {_AS_OWNER} as $$
            insert into registrations (id, tenant_id, email, password_hash, tenant_name, display_name, profile,
                                       terms_version, terms_accepted_at)
            values (registration, tenant, address, hash, business, person, details, terms, accepted_at)
        $$
    """,
    "directory.latest_registration(text)": f"""
        create function directory.latest_registration(address text, out registration uuid, out tenant uuid)
        language sql stable {_AS_OWNER} as $$
            select id, tenant_id from registrations where email = address order by created_at desc, id desc limit 1
        $$
    """,
    "directory.issue_code(uuid, bytea, timestamptz)": f"""
        create function directory.issue_code(
            registration uuid, digest bytea, expires_at timestamptz,
            out address text, out business text, out person text, out known boolean
        ) language sql {_AS_OWNER} as $$
            update registrations r
            set code_digest = case when taken.known then null else digest end, code_expires_at = expires_at, tries = 0
            from (select exists (select from accounts a join registrations m on m.email = a.email
                                 where m.id = registration) as known) taken
            where r.id = registration
            returning r.email, r.tenant_name, r.display_name, taken.known
        $$
    """,
    "directory.try_code(text, bytea, timestamptz, integer)": f"""
        create function directory.try_code(
            address text, digest bytea, at timestamptz, most_tries integer,
            out registration uuid, out tenant uuid, out details jsonb, out business text, out person text
        ) language plpgsql {_AS_OWNER} as $$
        begin
            perform from registrations r where r.email = address order by r.id for update;
            select r.id, r.tenant_id, r.profile, r.tenant_name, r.display_name
            into registration, tenant, details, business, person
            from registrations r
            where r.email = address and r.code_digest = digest and r.code_expires_at > at and r.tries < most_tries
            and r.id in (select n.id from registrations n where n.email = address
                         order by n.created_at desc, n.id desc limit {_LIVE_REGISTRATIONS});
            if registration is null then
                update registrations r set tries = r.tries + 1 where r.email = address;
            end if;
        end
        $$
    """,
    "directory.complete_registration(uuid, bytea, uuid, uuid, text[], timestamptz)": f"""
        create function directory.complete_registration(
            registration uuid, digest bytea, account uuid, member uuid, slugs text[], at timestamptz,
            out slug text, out address text, out tenant uuid
        ) language plpgsql {_AS_OWNER} as $$
        declare
            done registrations;
        begin
            perform from registrations r where r.email = (select email from registrations where id = registration)
            order by r.id for update;
            delete from registrations r where r.id = registration and r.code_digest = digest returning * into done;
            if done.id is null then
                return;
            end if;
            insert into accounts (id, email, password_hash, verified_at)
            values (account, done.email, done.password_hash, at) on conflict do nothing;
            if not found then
                return;
            end if;
            delete from registrations r where r.email = done.email;
            for i in 1 .. array_length(slugs, 1) loop
                insert into tenants (id, slug, name) values (done.tenant_id, slugs[i], done.tenant_name)
                on conflict do nothing;
                if found then
                    slug := slugs[i];
                    exit;
                end if;
            end loop;
            insert into memberships (account_id, tenant_id, user_id, role)
            values (account, done.tenant_id, member, 'owner');
            address := done.email;
            tenant := done.tenant_id;
        end
        $$
    """,
    "directory.credentials(text)": f"""
        create function directory.credentials(address text, out account uuid, out hash text)
        language sql stable {_AS_OWNER} as $$
            (select id, password_hash from accounts where email = address)
            union all
            (select null, password_hash from registrations where email = address
             order by created_at desc, id desc limit 1)
            limit 1
        $$
    """,
    "directory.open_session(text, text, uuid, text, timestamptz)": f"""
        create function directory.open_session(
            address text, hash text, session uuid, wanted text, ends_at timestamptz,
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
            insert into sessions (id, account_id, tenant_id, expires_at) values (session, account, tenant, ends_at);
            update memberships m set last_used_at = now() where m.account_id = account and m.tenant_id = tenant;
            select jsonb_agg(jsonb_build_object('id', t.id, 'slug', t.slug, 'name', t.name, 'role', m.role)
                             order by t.name, t.id)
            into tenants
            from memberships m join tenants t on t.id = m.tenant_id where m.account_id = account;
        end
        $$
    """,
    "directory.access(uuid)": f"""
        create function directory.access(
            session uuid, out account uuid, out tenant uuid, out member uuid, out role text
        ) language sql stable {_AS_OWNER} as $$
            select m.account_id, m.tenant_id, m.user_id, m.role
            from sessions s join memberships m on m.account_id = s.account_id and m.tenant_id = s.tenant_id
            where s.id = session and s.expires_at > now()
        $$
    """,
}


def upgrade() -> None:
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
