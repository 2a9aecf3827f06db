"""Payments and the ledger: held against each other, and against what is due of invoices."""

from infra.postgres.invariants.rule import Invariant

_BALANCE = "select tenant_id, entry_id, sum(amount) as amount from ledger_postings group by tenant_id, entry_id"

INVARIANTS = (
    Invariant(
        "the postings of every ledger entry come to nothing",
        f"""
        select format('entry %s of tenant %s', e.id, e.tenant_id) from ledger_entries e
        left join ({_BALANCE}) p on p.tenant_id = e.tenant_id and p.entry_id = e.id
        where p.amount is distinct from 0
        """,  # noqa: S608 - put together from constants
    ),
    Invariant(
        "what the ledger says is to be received of an invoice is due of it",
        """
        select format('invoice %s of tenant %s', i.id, i.tenant_id) from invoices i left join (
            select e.tenant_id, e.invoice_id, sum(p.amount) as amount
            from ledger_entries e join ledger_postings p on p.tenant_id = e.tenant_id and p.entry_id = e.id
            where p.account = 'receivable' group by e.tenant_id, e.invoice_id
        ) l on l.tenant_id = i.tenant_id and l.invoice_id = i.id
        where coalesce(l.amount, 0) <> case when i.status in ('draft', 'cancelled') then 0 else i.amount_due end
        """,
    ),
    Invariant(
        "what was paid of an invoice is what its payments gave it",
        """
        select format('invoice %s of tenant %s', i.id, i.tenant_id) from invoices i left join (
            select tenant_id, invoice_id, sum(applied_amount) as amount from payments group by tenant_id, invoice_id
        ) p on p.tenant_id = i.tenant_id and p.invoice_id = i.id
        where i.amount_paid <> coalesce(p.amount, 0)
        """,
    ),
    Invariant(
        "what came of a payment is applied, unapplied, given back or lost",
        """
        select format('payment %s of tenant %s', p.id, p.tenant_id) from payments p left join (
            select tenant_id, payment_id, sum(amount) filter (where status = 'succeeded') as gone,
                   sum(amount) filter (where status <> 'failed') as set_aside
            from refunds group by tenant_id, payment_id
        ) r on r.tenant_id = p.tenant_id and r.payment_id = p.id
        where p.refunded_amount <> coalesce(r.set_aside, 0)
           or p.applied_amount + p.unapplied_amount + coalesce(r.gone, 0) + p.lost_amount - p.overdrawn_amount
              <> case when p.succeeded_at is null then 0 else p.amount end
        """,
    ),
    Invariant(
        "what went beyond what came of a payment is a loss, while nothing is left of it",
        """
        select format('payment %s of tenant %s', p.id, p.tenant_id) from payments p left join (
            select e.tenant_id, e.payment_id, sum(l.amount) as amount
            from ledger_entries e join ledger_postings l on l.tenant_id = e.tenant_id and l.entry_id = e.id
            where l.account = 'losses' group by e.tenant_id, e.payment_id
        ) l on l.tenant_id = p.tenant_id and l.payment_id = p.id
        where p.overdrawn_amount <> coalesce(l.amount, 0)
           or (p.overdrawn_amount > 0 and p.applied_amount + p.unapplied_amount > 0)
        """,
    ),
)
