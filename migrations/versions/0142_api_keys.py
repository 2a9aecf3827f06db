"""API keys: what a tenant sees of them, and in the directory what a key opens.

A key is found by its digest, speaks for its maker's membership as that is at the call, and dies when that is suspended
or ends.

Revision: 0142, after 0141.
"""

from infra.postgres.schema import close_to_other_tenants, offer_function, run

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_LIVE = """
    join memberships m on m.account_id = k.account_id and m.tenant_id = k.tenant_id
    join tenants t on t.id = m.tenant_id
    where k.expires_at > now() and m.suspended_at is null and t.suspended_at is null
"""
SUSPENDED = "directory.end_keys()"
_END_KEYS = f"""
    create function directory.end_keys() returns trigger language plpgsql {_AS_OWNER} as $$
    begin
        delete from api_keys k where k.account_id = new.account_id and k.tenant_id = new.tenant_id;
        return null;
    end
    $$
"""

FUNCTIONS = {
    "directory.add_api_key(uuid, bytea, uuid, uuid, text[], interval)": f"""
        create function directory.add_api_key(
            key uuid, hash bytea, maker uuid, of_tenant uuid, may text[], lifetime interval, out expires_at timestamptz
        ) language sql {_AS_OWNER} as $$
            insert into api_keys (digest, id, account_id, tenant_id, scopes, expires_at)
            values (hash, key, maker, of_tenant, may, coalesce(now() + lifetime, 'infinity'))
            returning nullif(api_keys.expires_at, 'infinity')
        $$
    """,
    "directory.access_by_key(bytea)": f"""
        create function directory.access_by_key(
            hash bytea, out key uuid, out account uuid, out tenant uuid, out member uuid, out role text, out plan text,
            out scopes text[], out expires_in interval
        ) language sql stable {_AS_OWNER} as $$
            select k.id, m.account_id, m.tenant_id, m.user_id, m.role, t.plan, k.scopes,
                   least(k.expires_at, now() + interval '1 day') - now()
            from api_keys k {_LIVE} and k.digest = hash
        $$
    """,
    "directory.note_key_use(uuid[])": f"""
        create function directory.note_key_use(used uuid[]) returns void language sql {_AS_OWNER} as $$
            update api_keys k set last_used_at = now() from (
                select o.digest from api_keys o where o.id = any (used) order by o.digest for no key update
            ) seen where k.digest = seen.digest
        $$
    """,
    "directory.keys_in_use(uuid, uuid[])": f"""
        create function directory.keys_in_use(of_tenant uuid, wanted uuid[])
        returns table (id uuid, last_used_at timestamptz) language sql stable {_AS_OWNER} as $$
            select k.id, k.last_used_at from api_keys k where k.tenant_id = of_tenant and k.id = any (wanted)
        $$
    """,
    "directory.standing_of_keys(uuid[])": f"""
        create function directory.standing_of_keys(wanted uuid[]) returns table (session uuid, role text)
        language sql stable {_AS_OWNER} as $$
            select k.id, m.role from api_keys k {_LIVE} and k.id = any (wanted)
        $$
    """,
    "directory.drop_api_key(uuid, uuid)": f"""
        create function directory.drop_api_key(of_tenant uuid, which uuid) returns void language sql {_AS_OWNER} as $$
            delete from api_keys k where k.tenant_id = of_tenant and k.id = which
        $$
    """,
}


def upgrade() -> None:
    _make_tables()
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)
    run(
        "create trigger key_ended after delete on directory.api_keys for each row"
        " execute function directory.note_access_change()",
        "create trigger key_shortened after update on directory.api_keys for each row"
        " when (new.expires_at < old.expires_at or new.scopes is distinct from old.scopes)"
        " execute function directory.note_access_change()",
        _END_KEYS,
        f"revoke all on function {SUSPENDED} from public",
        "create trigger keys_suspended after update on directory.memberships for each row"
        " when (old.suspended_at is null and new.suspended_at is not null) execute function directory.end_keys()",
    )


def _make_tables() -> None:
    run(
        """
        create table api_keys (
            tenant_id uuid not null,
            id uuid not null,
            name text not null,
            prefix text not null,
            scopes text[] not null,
            created_by uuid not null,
            expires_at timestamptz,
            created_at timestamptz not null,
            primary key (tenant_id, id),
            foreign key (tenant_id, created_by) references users (tenant_id, id)
        )
        """,
        "create index api_keys_by_time on api_keys (tenant_id, created_at desc, id desc)",
        """
        create table directory.api_keys (
            digest bytea primary key,
            id uuid not null unique,
            account_id uuid not null,
            tenant_id uuid not null,
            scopes text[] not null,
            expires_at timestamptz not null,
            last_used_at timestamptz,
            foreign key (account_id, tenant_id) references directory.memberships (account_id, tenant_id)
                on delete cascade
        )
        """,
        "create index api_keys_by_member on directory.api_keys (account_id, tenant_id)",
    )
    close_to_other_tenants("api_keys", app_may="select, insert, delete")


def downgrade() -> None:
    run("drop trigger keys_suspended on directory.memberships", f"drop function {SUSPENDED}")
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run("drop table directory.api_keys", "drop table api_keys")
