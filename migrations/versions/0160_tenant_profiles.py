"""A tenant's profile and settings, who may join it, and slugs that are kept free for a while.

Revision: 0160, after 0150.
"""

from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0160"
down_revision = "0150"
branch_labels = None
depends_on = None

_AS_OWNER = "security definer set search_path = pg_catalog, directory, pg_temp"
_POLICIES = "check (registration in ('open', 'domain', 'invite', 'closed'))"
_NUMBERING = '{"quote": "Q-{year}-{seq:5}", "invoice": "INV-{year}-{seq:5}", "creditNote": "CN-{year}-{seq:5}"}'
_COLUMNS = {
    "address": "jsonb not null default '{}'",
    "phone": "text",
    "email": "text",
    "opening_hours": "jsonb not null default '{}'",
    "tax_rates": "jsonb not null default '[]'",
    "numbering": f"jsonb not null default '{_NUMBERING}'",
    "registration": f"text not null default 'invite' {_POLICIES}",
    "email_domains": "text[] not null default '{}'",
}
FUNCTIONS = {
    "directory.registration_policy(text)": f"""
        create function directory.registration_policy(wanted text, out tenant uuid, out policy text, out domains text[])
        language sql stable {_AS_OWNER} as $$
            select t.id, case when coalesce(t.suspended_at, t.deletes_at) is null then t.registration else 'closed' end,
                   t.email_domains
            from tenants t where t.slug = wanted
        $$
    """,
    "directory.present_tenant(text, text, text, text[])": f"""
        create function directory.present_tenant(called text, named text, policy text, domains text[]) returns boolean
        language plpgsql {_AS_OWNER} as $$
        declare
            old text;
        begin
            select t.slug into old from tenants t where t.id = {BOUND_TENANT} for no key update;
            if old is null then
                return false;
            end if;
            update tenants t set slug = called, name = named, registration = policy, email_domains = domains
            where t.id = {BOUND_TENANT};
            if old <> called then
                delete from reserved_slugs r where r.slug = called or r.until <= now();
                insert into reserved_slugs (slug, freed_by, until)
                values (old, {BOUND_TENANT}, now() + interval '30 days');
            end if;
            return true;
        exception
            when unique_violation then
                return false;
        end
        $$
    """,
}
_KEEP_FREE = f"""
    create function directory.keep_slug_free() returns trigger language plpgsql {_AS_OWNER} as $$
    begin
        if exists (select from reserved_slugs r
                   where r.slug = new.slug and r.freed_by <> new.id and r.until > now()) then
            if tg_op = 'INSERT' then
                return null;
            end if;
            raise unique_violation using message = 'this slug is kept free';
        end if;
        return new;
    end
    $$
"""


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        run(f"alter table tenants add {name} {kind}")
    run(
        f"alter table directory.tenants add registration text not null default 'invite' {_POLICIES}",
        "alter table directory.tenants add email_domains text[] not null default '{}'",
        "alter table directory.tenants add closed_at timestamptz",
        "alter table directory.tenants add deletes_at timestamptz",
        "create table directory.reserved_slugs"
        " (slug text primary key, freed_by uuid not null, until timestamptz not null)",
        _KEEP_FREE,
        "create trigger keep_slug_free before insert or update of slug on directory.tenants"
        " for each row execute function directory.keep_slug_free()",
    )
    for signature, body in FUNCTIONS.items():
        run(body)
        offer_function(signature)


def downgrade() -> None:
    for signature in FUNCTIONS:
        run(f"drop function {signature}")
    run(
        "drop trigger keep_slug_free on directory.tenants",
        "drop function directory.keep_slug_free()",
        "drop table directory.reserved_slugs",
    )
    for name in ("deletes_at", "closed_at", "email_domains", "registration"):
        run(f"alter table directory.tenants drop {name}")
    for name in reversed(_COLUMNS):
        run(f"alter table tenants drop {name}")
