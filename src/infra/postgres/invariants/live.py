"""The event log: the one order in which open sockets hear of things."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "a tenant's events are numbered without a gap, up to the last number given",
        """
        select format('tenant %s: %s events, numbers %s to %s, last given %s', l.tenant_id, l.events, l.first, l.last,
                      coalesce(h.seq, 0))
        from (select tenant_id, count(*) as events, min(seq) as first, max(seq) as last
              from event_log group by tenant_id) l
        left join work.stream_heads h on h.tenant_id = l.tenant_id
        where l.events <> l.last - l.first + 1 or l.first < 1 or l.last is distinct from h.seq
        """,
    ),
    Invariant(
        "an event is numbered once, or waits for it",
        """
        select format('event %s of tenant %s', event_id, tenant_id) from (
            select tenant_id, event_id from event_log union all select tenant_id, event_id from work.stream
        ) told group by tenant_id, event_id having count(*) > 1
        """,
    ),
    Invariant(
        "what sockets hear of has happened",
        """
        select format('event %s of tenant %s', told.event_id, told.tenant_id) from (
            select tenant_id, event_id from event_log union all select tenant_id, event_id from work.stream
        ) told
        where not exists (select from events e where e.tenant_id = told.tenant_id and e.id = told.event_id)
        """,
    ),
)
