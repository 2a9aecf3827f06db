"""Payments, what went back of them, and the ledger.

The ledger is added to, and never changed: the application may select and insert. What one entry's postings come to is
checked when the transaction ends, by the database itself: nothing, and in one currency.

Revision: 0630, after 0600.
"""

from infra.postgres.schema import close_to_other_tenants, run

revision = "0630"
down_revision = "0600"
branch_labels = None
depends_on = None

_PAYMENTS = """
    create table payments (
        tenant_id uuid not null,
        id uuid not null,
        invoice_id uuid not null,
        customer_id uuid not null,
        amount bigint not null,
        applied_amount bigint not null,
        unapplied_amount bigint not null,
        refunded_amount bigint not null,
        lost_amount bigint not null,
        currency text not null,
        method text not null constraint method check (method in ('card', 'cash', 'cheque', 'transfer', 'other')),
        status text not null constraint status check (
            status in ('pending', 'processing', 'succeeded', 'failed', 'cancelled', 'partially_refunded', 'refunded',
                       'disputed')
        ),
        own_account boolean not null,
        intent_id text,
        charge_id text,
        failure_code text,
        disputed boolean not null,
        told text,
        told_at timestamptz,
        note text,
        received_on date,
        succeeded_at timestamptz,
        version integer not null default 1,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, invoice_id) references invoices,
        foreign key (tenant_id, customer_id) references customers,
        constraint amounts check (
            amount > 0 and least(applied_amount, unapplied_amount, refunded_amount, lost_amount) >= 0
        ),
        constraint kept check (greatest(applied_amount, unapplied_amount) <= amount)
    )
    """
_OF_PAYMENTS = (
    "create index payments_by_creation on payments (tenant_id, created_at desc, id desc)",
    "create index payments_by_invoice on payments (tenant_id, invoice_id, created_at desc, id desc)",
    "create index payments_by_customer on payments (tenant_id, customer_id, created_at desc, id desc)",
    "create unique index payments_by_intent on payments (tenant_id, intent_id)",
    """
    create unique index payments_open on payments (tenant_id, invoice_id)
        where method = 'card' and status in ('pending', 'processing', 'failed')
    """,
)
_REFUNDS = """
    create table refunds (
        tenant_id uuid not null,
        id uuid not null,
        payment_id uuid not null,
        amount bigint not null,
        taken_back bigint not null,
        currency text not null,
        status text not null constraint status check (status in ('pending', 'succeeded', 'failed')),
        reason text not null,
        refund_id text,
        failure_code text,
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, payment_id) references payments,
        constraint amounts check (amount > 0 and taken_back >= 0 and taken_back <= amount)
    )
    """
_OF_REFUNDS = (
    "create index refunds_by_payment on refunds (tenant_id, payment_id, created_at desc, id desc)",
    "create unique index refunds_told on refunds (tenant_id, refund_id)",
)
_DISPUTES = """
    create table disputes (
        tenant_id uuid not null,
        id uuid not null,
        payment_id uuid not null,
        dispute_id text not null,
        amount bigint not null constraint amount check (amount > 0),
        currency text not null,
        status text not null constraint status check (status in ('open', 'won', 'lost')),
        created_at timestamptz not null,
        updated_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, payment_id) references payments,
        constraint disputes_told unique (tenant_id, dispute_id)
    )
    """
_ENTRIES = """
    create table ledger_entries (
        tenant_id uuid not null,
        id uuid not null,
        kind text not null,
        source_id uuid not null,
        invoice_id uuid not null,
        payment_id uuid,
        currency text not null,
        occurred_at timestamptz not null,
        primary key (tenant_id, id),
        foreign key (tenant_id, invoice_id) references invoices,
        foreign key (tenant_id, payment_id) references payments,
        constraint ledger_entries_once unique (tenant_id, kind, source_id)
    )
    """
_POSTINGS = """
    create table ledger_postings (
        tenant_id uuid not null,
        entry_id uuid not null,
        account text not null constraint account check (
            account in ('cash', 'disputed', 'receivable', 'revenue', 'stripe', 'tax', 'unapplied')
        ),
        currency text not null,
        amount bigint not null,
        primary key (tenant_id, entry_id, account),
        foreign key (tenant_id, entry_id) references ledger_entries
    )
    """
_BALANCED = """
    create function ledger_must_balance() returns trigger language plpgsql set search_path = pg_catalog, public as $$
    begin
        if exists (
            select from public.ledger_postings p where p.tenant_id = new.tenant_id and p.entry_id = new.entry_id
            having sum(p.amount) <> 0 or count(distinct p.currency) > 1
        ) then
            raise exception 'the postings of ledger entry % do not balance', new.entry_id
                using errcode = 'check_violation';
        end if;
        return null;
    end
    $$
    """


def upgrade() -> None:
    run(_PAYMENTS, *_OF_PAYMENTS)
    close_to_other_tenants("payments", app_may="select, insert, update")
    run(_REFUNDS, *_OF_REFUNDS)
    close_to_other_tenants("refunds", app_may="select, insert, update")
    run(_DISPUTES, "create index disputes_by_payment on disputes (tenant_id, payment_id)")
    close_to_other_tenants("disputes", app_may="select, insert, update")
    _make_ledger()
    run(
        """
        create table payment_reconciliations (
            tenant_id uuid not null references tenants,
            ran_at timestamptz not null,
            since timestamptz not null,
            until timestamptz not null,
            replayed integer not null,
            findings jsonb not null,
            primary key (tenant_id)
        )
        """
    )
    close_to_other_tenants("payment_reconciliations", app_may="select, insert, update")


def _make_ledger() -> None:
    run(
        _ENTRIES,
        "create index ledger_entries_by_time on ledger_entries (tenant_id, occurred_at desc, id desc)",
        "create index ledger_entries_by_invoice on ledger_entries (tenant_id, invoice_id, occurred_at desc, id desc)",
    )
    close_to_other_tenants("ledger_entries", app_may="select, insert")
    run(_POSTINGS)
    close_to_other_tenants("ledger_postings", app_may="select, insert")
    run(
        _BALANCED,
        """
        create constraint trigger balanced after insert or update on ledger_postings deferrable initially deferred
            for each row execute function ledger_must_balance()
        """,
    )


def downgrade() -> None:
    tables = ("payment_reconciliations", "ledger_postings", "ledger_entries", "disputes", "refunds", "payments")
    run(*(f"drop table {table}" for table in tables), "drop function ledger_must_balance()")
