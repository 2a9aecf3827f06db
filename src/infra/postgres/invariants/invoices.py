"""Invoices: what is due of them, held against their items, their credit notes and their numbers."""

from infra.postgres.invariants.quotes import sums_of_documents
from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    *sums_of_documents("invoice", "an"),
    Invariant(
        "what was credited of an invoice is what its credit notes come to, in each tax",
        """
        select format('invoice %s of tenant %s', i.id, i.tenant_id) from invoices i left join (
            select tenant_id, invoice_id, sum(total) as total, sum(tax_total) as tax_total from credit_notes
            group by tenant_id, invoice_id
        ) n on n.tenant_id = i.tenant_id and n.invoice_id = i.id
        where i.amount_credited <> coalesce(n.total, 0) or coalesce(n.tax_total, 0) > i.tax_total
        """,
    ),
    Invariant(
        "a credit note's taxes add up to its tax total",
        """
        select format('credit note %s of tenant %s', q.id, q.tenant_id) from credit_notes q
        where q.tax_total <> (select coalesce(sum((tax ->> 'amount')::numeric), 0)
                              from jsonb_path_query(q.taxes, '$[*]') t (tax))
        """,
    ),
    Invariant(
        "a quote and its invoice name each other",
        """
        select format('quote %s and invoice %s of tenant %s', q.id, i.id, coalesce(q.tenant_id, i.tenant_id))
        from (select * from quotes where invoice_id is not null) q
        full join (select * from invoices where quote_id is not null) i
        on i.tenant_id = q.tenant_id and i.id = q.invoice_id and i.quote_id = q.id
        where q.id is null or i.id is null
        """,
    ),
)
