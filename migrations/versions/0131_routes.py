"""Routes: whose an address, a number or a key is, before a tenant is known. By the SHA-256 digest of the key.

Revision: 0131, after 0130.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"

FUNCTIONS = {
    "directory.find_route(text, bytea)": f"""
        create function directory.find_route(wanted text, digest bytea, out tenant uuid, out subject uuid)
        language sql stable {_AS_OWNER} as $$
            select r.tenant_id, r.subject_id from routes r join tenants t on t.id = r.tenant_id
            where r.kind = wanted and r.key_hash = digest and t.suspended_at is null
        $$
    """,
    "directory.add_route(text, bytea, uuid)": f"""
        create function directory.add_route(kind text, digest bytea, subject uuid, out added boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            insert into routes (kind, key_hash, tenant_id, subject_id)
            values (kind, digest, {BOUND_TENANT}, subject) on conflict do nothing;
            added := found;
        end
        $$
    """,
    "directory.remove_route(text, bytea)": f"""
        create function directory.remove_route(wanted text, digest bytea, out removed boolean)
        language plpgsql {_AS_OWNER} as $$
        begin
            delete from routes r where r.kind = wanted and r.key_hash = digest and r.tenant_id = {BOUND_TENANT};
            removed := found;
        end
        $$
    """,
}


def upgrade() -> None:
    run(
        """
        create table directory.routes (
            kind text not null,
            key_hash bytea not null,
            tenant_id uuid not null references directory.tenants on delete cascade,
            subject_id uuid not null,
            created_at timestamptz not null default now(),
            primary key (kind, key_hash)
        )
        """,
        "create index routes_by_tenant on directory.routes (tenant_id)",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.routes")
