"""Quotes: their sums, held against their items and taxes, and their numbers."""

from infra.postgres.invariants.rule import Invariant

_COUNTED = "jsonb_path_query(q.items, '$[*]') i (item) where (item ->> 'selected')::boolean"


def sums_of_documents(kind: str, article: str) -> tuple[Invariant, ...]:
    """Those of documents with items, in the table `<kind>s`."""
    return (
        Invariant(
            f"{article} {kind}'s taxes add up to its tax total",
            f"""
            select format('{kind} %s of tenant %s', q.id, q.tenant_id) from {kind}s q
            where q.tax_total <> (select coalesce(sum((tax ->> 'amount')::numeric), 0)
                                  from jsonb_path_query(q.taxes, '$[*]') t (tax))
            """,  # noqa: S608 - put together from constants
        ),
        Invariant(
            f"{article} {kind} without taxes in its prices asks what its items come to",
            f"""
            select format('{kind} %s of tenant %s', q.id, q.tenant_id) from {kind}s q
            where not q.prices_include_tax
              and q.subtotal <> (select coalesce(sum((item ->> 'amount')::numeric), 0) from {_COUNTED})
            """,  # noqa: S608 - as above
        ),
        Invariant(
            f"{article} {kind} with taxes in its prices asks no more than its items come to",
            f"""
            select format('{kind} %s of tenant %s', q.id, q.tenant_id) from {kind}s q
            where q.prices_include_tax
              and case when q.discount is null
                  then q.total <> (select coalesce(sum((item ->> 'total')::numeric), 0) from {_COUNTED})
                  else q.total > (select coalesce(sum((item ->> 'total')::numeric), 0) from {_COUNTED}) end
            """,  # noqa: S608 - as above
        ),
        Invariant(
            f"the deposit of {article} {kind} is its share of the total",
            f"""
            select format('{kind} %s of tenant %s', q.id, q.tenant_id) from {kind}s q
            where q.deposit_amount <> case
                when q.deposit ? 'percent' then round(q.total * (q.deposit ->> 'percent')::numeric * 0.01)
                when q.deposit ? 'amount' then least((q.deposit ->> 'amount')::bigint, q.total) else 0 end
            """,  # noqa: S608 - as above
        ),
    )


INVARIANTS = (
    *sums_of_documents("quote", "a"),
    Invariant(
        "versions of a quote are counted, and a later one that was sent took the place of the one before",
        """
        select format('quotes %s and %s of tenant %s', e.id, l.id, coalesce(e.tenant_id, l.tenant_id))
        from (select * from quotes where superseded_by is not null) e
        full join (select * from quotes where revision_of is not null and number is not null) l
        on l.tenant_id = e.tenant_id and l.id = e.superseded_by and l.revision_of = e.id
           and l.revision = e.revision + 1 and e.status in ('expired', 'rejected')
        where e.id is null or l.id is null
        """,
    ),
    Invariant(
        "what was given out as numbers is there, and no more",
        """
        select format('tenant %s: %s %ss have numbers, %s were given', tenant_id, n.numbered, kind, c.given)
        from (select tenant_id, kind, sum(last) as given from document_counters group by tenant_id, kind) c
        full join (
            select tenant_id, 'quote' as kind, count(number) as numbered from quotes group by tenant_id
            union all select tenant_id, 'invoice', count(number) from invoices group by tenant_id
            union all select tenant_id, 'credit_note', count(*) from credit_notes group by tenant_id
        ) n using (tenant_id, kind)
        where coalesce(n.numbered, 0) <> coalesce(c.given, 0)
        """,
    ),
)
