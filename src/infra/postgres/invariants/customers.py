"""Customers, and what was told of them."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "no event tells of a version that its customer has not come to",
        """
        select format('customer %s of tenant %s is at %s, told was %s', c.id, c.tenant_id, c.version, e.told)
        from customers c join (
            select tenant_id, subject_id, max(subject_version) as told from events
            where type like 'customer.%' group by tenant_id, subject_id
        ) e on e.tenant_id = c.tenant_id and e.subject_id = c.id
        where e.told > c.version
        """,
    ),
    Invariant(
        "whoever was merged says into whom, and so does the merger",
        """
        select format('customer %s of tenant %s: %s, the merger says %s', coalesce(c.id, m.customer_id),
                      coalesce(c.tenant_id, m.tenant_id), c.merged_into, m.into_id)
        from (select * from customers where merged_into is not null and erased_at is null) c
        full join customer_mergers m on m.tenant_id = c.tenant_id and m.customer_id = c.id
        where c.merged_into is distinct from m.into_id
        """,
    ),
    Invariant(
        "of those who were merged into each other one stands for itself",
        """
        select format('customer %s of tenant %s', c.id, c.tenant_id) from customers c
        where c.merged_into is not null and not exists (
            with recursive up (id, merged_into) as (
                select c.id, c.merged_into
                union select n.id, n.merged_into from up join customers n
                on n.tenant_id = c.tenant_id and n.id = up.merged_into
            )
            select from up where up.merged_into is null)
        """,
    ),
    Invariant(
        "nothing is kept of a customer who was erased",
        """
        select format('customer %s of tenant %s', c.id, c.tenant_id) from customers c
        where c.erased_at is not null and (
            c.name is distinct from 'Former customer' or c.notes is not null or c.emails <> '{}' or c.phones <> '{}'
            or exists (select from customer_notes n where n.tenant_id = c.tenant_id and n.customer_id = c.id)
            or exists (select from customer_timeline t where t.tenant_id = c.tenant_id and t.customer_id = c.id))
        """,
    ),
)
