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
)
