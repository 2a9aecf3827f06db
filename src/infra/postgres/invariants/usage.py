"""What is counted."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "what a tenant is counted to have is what it has",
        """
        select format('tenant %s has %s of %s, counted were %s', tenant_id, sum(there), quota, sum(counted)) from (
            select tenant_id, quota, used as counted, 0 as there from usage_counters
            union all select tenant_id, 'api_keys', 0, 1 from api_keys
            union all select tenant_id, 'customers', 0, 1 from customers where archived_at is null
            union all select tenant_id, 'storage_bytes', 0, coalesce(file_bytes, 0) + coalesce(given_bytes, 0) from jobs
            union all select tenant_id, 'users', 0, 1 from users where erased_at is null
        ) counts group by tenant_id, quota having sum(counted) <> sum(there)
        """,
    ),
)
