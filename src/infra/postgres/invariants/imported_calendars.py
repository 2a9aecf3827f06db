"""Calendars of others: whose the times in them are."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "what is busy elsewhere is so in a calendar of that person",
        """
        select format('calendar %s of tenant %s, from %s', b.calendar_id, b.tenant_id, b.starts_at)
        from busy_times b
        where not exists (
            select from imported_calendars c
            where c.tenant_id = b.tenant_id and c.id = b.calendar_id and c.user_id = b.user_id)
        """,
    ),
    Invariant(
        "no two busy times of one calendar meet",
        """
        select format('calendar %s of tenant %s, from %s', calendar_id, tenant_id, starts_at)
        from (
            select *, lead(starts_at) over (partition by tenant_id, calendar_id order by starts_at) as next
            from busy_times
        ) times
        where next < ends_at
        """,
    ),
    Invariant(
        "a calendar of others is read again",
        """
        select format('calendar %s of tenant %s', c.id, c.tenant_id)
        from imported_calendars c
        where not exists (
            select from work.envelopes e where e.tenant_id = c.tenant_id and e.subject_id = c.id
                                           and e.kind = 'appointments.fetch_calendar')
        """,
    ),
)
