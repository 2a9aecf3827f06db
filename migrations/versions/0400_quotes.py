"""Quotes, and the counters by which documents are numbered.

A quote's items are one JSON value of its row: they are written and read whole, are nobody's rows by themselves, and
what was offered stays as it was. The sums are columns, and are held by constraints; `invariants` holds them against
the items.

Searching by text cannot use an index under row-level security, so it runs as `frontdesk_search`, keeps to the bound
tenant itself, and gives ids.

Revision: 0400, after 0302.
"""

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, offer_function, run

revision = "0400"
down_revision = "0302"
branch_labels = None
depends_on = None

_MATCHING = "public.matching_quotes(text[])"
_QUOTES = """
    create table quotes (
        tenant_id uuid not null,
        id uuid not null,
        number text,
        status text not null constraint status check (
            status in ('draft', 'sent', 'accepted', 'rejected', 'expired')
        ),
        customer_id uuid not null,
        currency text not null,
        prices_include_tax boolean not null,
        items jsonb not null,
        discount jsonb,
        subtotal bigint not null,
        discount_total bigint not null,
        tax_total bigint not null,
        taxes jsonb not null,
        total bigint not null,
        valid_until date,
        notes text,
        terms text,
        sent_at timestamptz,
        accepted_at timestamptz,
        rejected_at timestamptz,
        reject_reason text,
        accepted_by text,
        signature text,
        link bytea,
        search_text text not null,
        version integer not null default 1,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers,
        constraint number check ((status = 'draft') = (number is null)),
        constraint sums check (total = subtotal - discount_total + tax_total),
        constraint bounds check (
            least(subtotal, discount_total, tax_total, total) >= 0
            and greatest(subtotal, discount_total, tax_total, total) <= 9007199254740991
        )
    )
    """
_INDEXES = (
    "create index quotes_by_creation on quotes (tenant_id, created_at desc, id desc)",
    "create index quotes_by_customer on quotes (tenant_id, customer_id, created_at desc, id desc)",
    "create unique index quotes_by_number on quotes (tenant_id, number)",
    """
    create index quotes_by_text on quotes using gin
        (tenant_id extensions.uuid_ops, search_text extensions.gin_trgm_ops)
    """,
)


def upgrade() -> None:
    _make_counters()
    _make_quotes()
    _make_search()


def _make_counters() -> None:
    run(
        """
        create table document_counters (
            tenant_id uuid not null references tenants,
            kind text not null,
            year integer not null,
            last bigint not null constraint last check (last > 0),
            primary key (tenant_id, kind, year)
        )
        """
    )
    close_to_other_tenants("document_counters", app_may="select, insert, update")


def _make_quotes() -> None:
    run(
        _QUOTES,
        *_INDEXES,
    )
    close_to_other_tenants("quotes", app_may="select, insert, update, delete")


def _make_search() -> None:
    run(
        f"grant select on quotes to {SEARCH}",
        f"create policy search on quotes for select to {SEARCH} using (true)",
        f"grant create on schema public to {SEARCH}",
        f"""
        create function {_MATCHING} returns table (id uuid) language plpgsql stable security definer
        set search_path = pg_catalog, extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
        declare
            tenant uuid := {BOUND_TENANT};
        begin
            return query
                select q.id from public.quotes q
                where q.tenant_id = tenant and q.search_text like $1[1]
                  and not exists (select from unnest($1) pattern where q.search_text not like pattern);
        end
        $$
        """,
    )
    offer_function(_MATCHING)
    run(f"alter function {_MATCHING} owner to {SEARCH}", f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    run(f"drop function {_MATCHING}", "drop table quotes", "drop table document_counters")
