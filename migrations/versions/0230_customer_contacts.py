"""Customers who were merged or erased, and whom an e-mail address or a phone number reaches.

Merging rewrites nothing: `merged_into` names the customer that stands for this one now. Under row-level security no
operator on arrays reaches an index, so the function runs as `frontdesk_search`, keeps to the bound tenant itself, and
gives ids, nothing else.

Revision: 0230, after 0190.
"""

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, offer_function, run

revision = "0230"
down_revision = "0190"
branch_labels = None
depends_on = None

_OWNERS = "public.owners_of_contacts(text[])"


def upgrade() -> None:
    run(
        "alter table customers add merged_into uuid, add erased_at timestamptz,"
        " add constraint customers_merged_into_fkey foreign key (tenant_id, merged_into) references customers,"
        " add constraint not_into_itself check (merged_into <> id)",
        "create index customers_by_merger on customers (tenant_id, merged_into) where merged_into is not null",
        "create index customers_by_contact on customers using gin (tenant_id extensions.uuid_ops, emails, phones)",
        f"grant select on customers to {SEARCH}",
        f"create policy search on customers for select to {SEARCH} using (true)",
        f"grant create on schema public to {SEARCH}",
        f"""
        create function {_OWNERS.replace("text[]", "contacts text[]")} returns table (contact text, id uuid)
        language plpgsql stable security definer set search_path = pg_catalog, extensions, pg_temp
        set plan_cache_mode = force_custom_plan as $$
        declare
            tenant uuid := {BOUND_TENANT};
        begin
            return query
                with recursive reached as (
                    select c.id, c.merged_into, c.emails || c.phones as has
                    from public.customers c
                    where c.tenant_id = tenant and (c.emails && contacts or c.phones && contacts)
                ), owner as (
                    select wanted.contact, r.id, r.merged_into
                    from reached r, unnest(contacts) wanted (contact) where wanted.contact = any (r.has)
                    union
                    select o.contact, c.id, c.merged_into
                    from owner o join public.customers c on c.tenant_id = tenant and c.id = o.merged_into
                )
                select o.contact, o.id from owner o where o.merged_into is null;
        end
        $$
        """,
    )
    offer_function(_OWNERS)
    run(f"alter function {_OWNERS} owner to {SEARCH}", f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    run(
        f"drop function {_OWNERS}",
        "drop policy search on customers",
        f"revoke select on customers from {SEARCH}",
        "drop index customers_by_contact",
        "drop index customers_by_merger",
        "alter table customers drop merged_into, drop erased_at",
    )
