"""Quotes: their sums, held against their items and taxes, and their numbers."""

from infra.postgres.invariants.rule import Invariant

_COUNTED = "jsonb_path_query(q.items, '$[*]') i (item) where (item ->> 'selected')::boolean"

INVARIANTS = (
    Invariant(
        "a quote's taxes add up to its tax total",
        """
        select format('quote %s of tenant %s', q.id, q.tenant_id) from quotes q
        where q.tax_total <> (select coalesce(sum((tax ->> 'amount')::numeric), 0)
                              from jsonb_path_query(q.taxes, '$[*]') t (tax))
        """,
    ),
    Invariant(
        "a quote without taxes in its prices asks what its items come to",
        f"""
        select format('quote %s of tenant %s', q.id, q.tenant_id) from quotes q
        where not q.prices_include_tax
          and q.subtotal <> (select coalesce(sum((item ->> 'amount')::numeric), 0) from {_COUNTED})
        """,  # noqa: S608 - put together from constants
    ),
    Invariant(
        "a quote with taxes in its prices asks no more than its items come to",
        f"""
        select format('quote %s of tenant %s', q.id, q.tenant_id) from quotes q
        where q.prices_include_tax
          and case when q.discount is null
              then q.total <> (select coalesce(sum((item ->> 'total')::numeric), 0) from {_COUNTED})
              else q.total > (select coalesce(sum((item ->> 'total')::numeric), 0) from {_COUNTED}) end
        """,  # noqa: S608 - as above
    ),
    Invariant(
        "what was given out as numbers is there, and no more",
        """
        select format('tenant %s: %s quotes have numbers, %s were given', tenant_id, n.numbered, c.given)
        from (select tenant_id, sum(last) as given from document_counters where kind = 'quote' group by tenant_id) c
        full join (select tenant_id, count(number) as numbered from quotes group by tenant_id) n using (tenant_id)
        where coalesce(n.numbered, 0) <> coalesce(c.given, 0)
        """,
    ),
)
