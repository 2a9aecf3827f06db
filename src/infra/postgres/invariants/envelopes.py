"""What follows a commit, what comes at its time, and what repeated requests came to."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "somebody knows what to do with each envelope",
        """
        select format('envelope %s of tenant %s: %s', id, tenant_id, kind) from work.envelopes
        where not kind = any ($1::text[])
        """,
    ),
    Invariant(
        "an envelope that follows an event has it",
        """
        select format('envelope %s of tenant %s: %s', v.id, v.tenant_id, v.kind) from work.envelopes v
        where v.kind = any ($2::text[])
          and not exists (select from events e where e.tenant_id = v.tenant_id and e.id = v.subject_id)
        """,
    ),
    Invariant(
        "an envelope that was put aside had been tried",
        """
        select format('envelope %s of tenant %s', id, tenant_id) from work.envelopes
        where attempts < 0 or parked_at is not null and attempts = 0
        """,
    ),
    Invariant(
        "the business clock goes ahead only, and what is done does not pass it",
        "select format('ahead %s, reached %s', ahead, reached) from work.clock where ahead < '0' or reached > ahead",
    ),
    Invariant(
        "a request that is kept has a caller of its tenant, a digest and a result",
        """
        select format('operation %s of tenant %s', k.operation, k.tenant_id) from idempotency_keys k
        where length(k.fingerprint) <> 32 or length(k.key) not between 1 and 255
           or k.caller_id <> k.tenant_id and not exists (
                select from users u where u.tenant_id = k.tenant_id and u.id = k.caller_id
                union all
                select from api_keys a where a.tenant_id = k.tenant_id and a.id = k.caller_id)
        """,
    ),
)
