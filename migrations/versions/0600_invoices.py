"""Invoices, what is credited of them, and what is charged again and again.

Sums are columns held by constraints: what is due is the total less what was paid and credited, is never negative, and
nothing is due exactly of what is paid. A quote has the invoice that it was converted to.

An erased customer's links lead nowhere. Searching by text runs as `frontdesk_search`, as for quotes.

Revision: 0600, after 0541.
"""

from infra.postgres.roles import SEARCH
from infra.postgres.schema import BOUND_TENANT, close_to_other_tenants, offer_function, run

revision = "0600"
down_revision = "0541"
branch_labels = None
depends_on = None

_MATCHING = "public.matching_invoices(text[])"
_INVOICES = """
    create table invoices (
        tenant_id uuid not null,
        id uuid not null,
        number text,
        status text not null constraint status check (
            status in ('draft', 'sent', 'partially_paid', 'overdue', 'paid', 'cancelled')
        ),
        customer_id uuid not null,
        quote_id uuid,
        recurring_id uuid,
        period date,
        currency text not null,
        prices_include_tax boolean not null,
        items jsonb not null,
        discount jsonb,
        subtotal bigint not null,
        discount_total bigint not null,
        tax_total bigint not null,
        taxes jsonb not null,
        total bigint not null,
        amount_paid bigint not null,
        amount_credited bigint not null,
        amount_due bigint not null,
        due_date date,
        notes text,
        terms text,
        sent_at timestamptz,
        paid_at timestamptz,
        reopened_at timestamptz,
        cancelled_at timestamptz,
        reminders integer not null,
        link bytea,
        search_text text not null,
        version integer not null default 1,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers,
        foreign key (tenant_id, quote_id) references quotes,
        foreign key (tenant_id, recurring_id) references recurring_invoices,
        constraint number check ((status = 'draft') = (number is null)),
        constraint sums check (total = subtotal - discount_total + tax_total),
        constraint due check (amount_due = total - amount_credited - amount_paid),
        constraint paid check ((status = 'paid') = (number is not null and amount_due = 0)),
        constraint paid_at check ((status = 'paid') = (paid_at is not null)),
        constraint void check (status not in ('draft', 'cancelled') or (amount_paid = 0 and amount_credited = 0)),
        constraint bounds check (
            least(subtotal, discount_total, tax_total, total, amount_paid, amount_credited, amount_due) >= 0
            and greatest(subtotal, discount_total, tax_total, total) <= 9007199254740991
        )
    )
    """
_RECURRING = """
    create table recurring_invoices (
        tenant_id uuid not null,
        id uuid not null,
        customer_id uuid not null,
        status text not null constraint status check (status in ('active', 'paused', 'ended')),
        every text not null constraint every check (every in ('week', 'month', 'quarter', 'year')),
        interval integer not null,
        starts_on date not null,
        ends_on date,
        turn integer not null,
        next_on date,
        planned_at timestamptz,
        made integer not null,
        sends boolean not null,
        payment_days integer,
        currency text not null,
        prices_include_tax boolean not null,
        items jsonb not null,
        discount jsonb,
        total bigint not null,
        notes text,
        terms text,
        version integer not null default 1,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers,
        constraint ended check ((status = 'ended') = (next_on is null)),
        constraint bounds check (interval >= 1 and interval <= 52 and total >= 0 and total <= 9007199254740991)
    )
    """
_CREDIT_NOTES = """
    create table credit_notes (
        tenant_id uuid not null,
        id uuid not null,
        number text not null,
        invoice_id uuid not null,
        customer_id uuid not null,
        currency text not null,
        items jsonb not null,
        subtotal bigint not null,
        tax_total bigint not null,
        taxes jsonb not null,
        total bigint not null,
        reason text,
        version integer not null default 1,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, customer_id) references customers,
        foreign key (tenant_id, invoice_id) references invoices,
        constraint sums check (total = subtotal + tax_total),
        constraint bounds check (least(subtotal, tax_total) >= 0 and total > 0)
    )
    """
_INDEXES = (
    "create index invoices_by_creation on invoices (tenant_id, created_at desc, id desc)",
    "create index invoices_by_customer on invoices (tenant_id, customer_id, created_at desc, id desc)",
    "create unique index invoices_by_number on invoices (tenant_id, number)",
    "create unique index invoices_by_quote on invoices (tenant_id, quote_id)",
    "create unique index invoices_by_period on invoices (tenant_id, recurring_id, period)",
    """
    create index invoices_by_due_date on invoices (tenant_id, due_date)
        where status in ('sent', 'partially_paid', 'overdue')
    """,
    """
    create index invoices_by_text on invoices using gin
        (tenant_id extensions.uuid_ops, search_text extensions.gin_trgm_ops)
    """,
    "create index recurring_invoices_by_creation on recurring_invoices (tenant_id, created_at desc, id desc)",
    "create index recurring_invoices_by_customer on recurring_invoices (tenant_id, customer_id)",
    "create index credit_notes_by_invoice on credit_notes (tenant_id, invoice_id, created_at, id)",
    "create index credit_notes_by_customer on credit_notes (tenant_id, customer_id)",
    "create unique index credit_notes_by_number on credit_notes (tenant_id, number)",
)


def upgrade() -> None:
    run(
        "alter table tenants add invoicing jsonb not null default '{}'",
        "alter table quotes add invoice_id uuid",
        _RECURRING,
        _INVOICES,
        _CREDIT_NOTES,
        *_INDEXES,
    )
    close_to_other_tenants("invoices", app_may="select, insert, update, delete")
    close_to_other_tenants("recurring_invoices", app_may="select, insert, update, delete")
    close_to_other_tenants("credit_notes", app_may="select, insert, update")
    _make_search()


def _make_search() -> None:
    run(
        f"grant select on invoices to {SEARCH}",
        f"create policy search on invoices for select to {SEARCH} using (true)",
        f"grant create on schema public to {SEARCH}",
        f"""
        create function {_MATCHING} returns table (id uuid) language plpgsql stable security definer
        set search_path = pg_catalog, extensions, pg_temp set plan_cache_mode = force_custom_plan as $$
        declare
            tenant uuid := {BOUND_TENANT};
        begin
            return query
                select q.id from public.invoices q
                where q.tenant_id = tenant and q.search_text like $1[1]
                  and not exists (select from unnest($1) pattern where q.search_text not like pattern);
        end
        $$
        """,
    )
    offer_function(_MATCHING)
    run(f"alter function {_MATCHING} owner to {SEARCH}", f"revoke create on schema public from {SEARCH}")


def downgrade() -> None:
    run(
        f"drop function {_MATCHING}",
        "drop table credit_notes",
        "drop table invoices",
        "drop table recurring_invoices",
        "alter table quotes drop invoice_id",
        "alter table tenants drop invoicing",
    )
