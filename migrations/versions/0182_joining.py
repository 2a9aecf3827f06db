"""Joining a tenant that is there, founding a further one, and whose registration a code opens.

Who may join is decided here as well, by `directory.registration_policy`: the application cannot add anybody elsewhere.

Revision: 0182, after 0181.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0182"
down_revision = "0181"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.admits(text, text)": f"""
        create function directory.admits(address text, slug text, out tenant uuid)
        language plpgsql stable {_AS_OWNER} as $$
        begin
            select p.tenant into tenant from directory.registration_policy(slug) p
            where p.policy = 'open' or p.policy = 'domain' and split_part(address, '@', 2) = any (p.domains);
        end
        $$
    """,
    "directory.mark_joining(uuid, text)": f"""
        create function directory.mark_joining(registration uuid, slug text) returns void
        language sql {_AS_OWNER} as $$
            update registrations r set joins_slug = slug where r.id = registration
        $$
    """,
    "directory.claim_of(uuid)": f"""
        create function directory.claim_of(registration uuid, out hash text, out has_rivals boolean, out joins text)
        language sql stable {_AS_OWNER} as $$
            select r.password_hash,
                   exists (select from registrations o where o.email = r.email and o.id <> r.id), r.joins_slug
            from registrations r where r.id = registration
        $$
    """,
    "directory.miss_code(uuid)": f"""
        create function directory.miss_code(registration uuid) returns void language sql {_AS_OWNER} as $$
            update registrations r set tries = r.tries + 1 where r.id = registration
        $$
    """,
    "directory.complete_joining(uuid, bytea, uuid, uuid, timestamptz)": f"""
        create function directory.complete_joining(
            registration uuid, digest bytea, account uuid, member uuid, at timestamptz, out address text
        ) language plpgsql {_AS_OWNER} as $$
        declare
            done registrations;
            joined uuid;
        begin
            perform from registrations r where r.email = (select email from registrations where id = registration)
            order by r.id for update;
            delete from registrations r where r.id = registration and r.code_digest = digest returning * into done;
            joined := directory.admits(done.email, done.joins_slug);
            if joined is null or joined is distinct from {BOUND_TENANT} then
                return;
            end if;
            insert into accounts (id, email, password_hash, verified_at)
            values (account, done.email, done.password_hash, at) on conflict do nothing;
            if not found then
                return;
            end if;
            delete from registrations r where r.email = done.email;
            insert into memberships (account_id, tenant_id, user_id, role) values (account, joined, member, 'member');
            address := done.email;
        end
        $$
    """,
    "directory.join_tenant(uuid, text, uuid)": f"""
        create function directory.join_tenant(session uuid, slug text, member uuid, out joined boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            insert into memberships (account_id, tenant_id, user_id, role)
            select a.id, directory.admits(a.email, slug), member, 'member'
            from sessions s join accounts a on a.id = s.account_id
            where s.id = session and s.expires_at > now() and directory.admits(a.email, slug) is not null
            on conflict (account_id, tenant_id) do nothing;
            joined := found;
        end
        $$
    """,
    "directory.found_tenant(uuid, uuid, uuid, text, text[])": f"""
        create function directory.found_tenant(
            session uuid, tenant uuid, member uuid, business text, slugs text[], out slug text
        ) language plpgsql {_AS_OWNER} as $$
        declare
            person uuid;
        begin
            select s.account_id into person from sessions s where s.id = session and s.expires_at > now();
            if person is null or exists (select from tenants t where t.id = tenant) then
                return;
            end if;
            for i in 1 .. array_length(slugs, 1) loop
                insert into tenants (id, slug, name) values (tenant, slugs[i], business) on conflict do nothing;
                if found then
                    slug := slugs[i];
                    insert into memberships (account_id, tenant_id, user_id, role)
                    values (person, tenant, member, 'owner');
                    return;
                end if;
            end loop;
        end
        $$
    """,
}


def upgrade() -> None:
    run("alter table directory.registrations add joins_slug text")
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("alter table directory.registrations drop joins_slug")
