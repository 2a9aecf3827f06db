"""The audit log and its chain."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "an audit entry is sealed or waits for it, and not both",
        """
        select format('entry %s of tenant %s: %s', l.id, l.tenant_id,
                      case when s.number is null then 'neither' else 'both' end)
        from audit_log l
        left join audit_seals s on s.tenant_id = l.tenant_id and s.entry_id = l.id
        left join work.unsealed u on u.tenant_id = l.tenant_id and u.id = l.id
        where (s.number is null) = (u.id is null)
        """,
    ),
    Invariant(
        "a part of an audit entry goes with its salt, and only with it",
        """
        select format('entry %s of tenant %s', id, tenant_id) from audit_log
        where (origin is null) <> (origin_salt is null) or (personal is null) <> (personal_salt is null)
        """,
    ),
    Invariant(
        "seals are numbered from one, without a gap, up to the end of their chain",
        """
        select format('tenant %s: %s seals up to %s, and a chain of %s', coalesce(s.tenant_id, c.tenant_id),
                      coalesce(s.seals, 0), coalesce(s.highest, 0), coalesce(c.number, 0))
        from (select tenant_id, count(*) as seals, max(number) as highest from audit_seals group by tenant_id) s
        full join audit_chains c on c.tenant_id = s.tenant_id
        where s.seals is distinct from s.highest or s.highest is distinct from c.number
        """,
    ),
    Invariant(
        "each seal follows from the one before, and the chain ends with the last",
        """
        select format('seal %s of tenant %s', s.number, s.tenant_id) from (
            select s.*, lag(s.hash, 1, decode(repeat('00', 32), 'hex'))
                        over (partition by s.tenant_id order by s.number) as before from audit_seals s
        ) s
        join audit_log l on l.tenant_id = s.tenant_id and l.id = s.entry_id
        left join audit_chains c on c.tenant_id = s.tenant_id and c.number = s.number
        where s.hash <> sha256(s.before || convert_to(json_build_array(
            s.number, s.tenant_id, l.id, (extract(epoch from l.occurred_at) * 1000000)::bigint, l.actor_id, l.action,
            l.subject_id, l.request_id, l.changes::text, encode(s.origin_digest, 'hex'),
            encode(s.personal_digest, 'hex'))::text, 'UTF8'))
        or c.hash <> s.hash
        or l.origin is not null
           and s.origin_digest <> sha256(l.origin_salt || convert_to(l.origin::text, 'UTF8'))
        or l.personal is not null
           and s.personal_digest <> sha256(l.personal_salt || convert_to(l.personal::text, 'UTF8'))
        """,
        is_long=True,
    ),
)
