"""The calendar: whom visits block, and when."""

from infra.postgres.invariants.rule import Invariant

_LIVE = "a.status in ('scheduled', 'confirmed')"

INVARIANTS = (
    Invariant(
        "a live visit blocks its person and its resources, for its blocked time",
        f"""
        select format('visit %s of tenant %s: %s', a.id, a.tenant_id, holder)
        from appointments a, unnest(array_remove(a.resource_ids || a.staff_id, null)) holder
        where {_LIVE} and not exists (
            select from occupancies o where o.tenant_id = a.tenant_id and o.blocker_id = a.id and o.holder_id = holder
                                        and o.starts_at = a.blocked_from and o.ends_at = a.blocked_until)
        """,  # noqa: S608 - put together from constants
    ),
    Invariant(
        "whoever is blocked is blocked by a live visit or a hold that has them",
        f"""
        select format('holder %s of tenant %s, by %s', o.holder_id, o.tenant_id, o.blocker_id)
        from occupancies o
        where not exists (
            select from appointments a where a.tenant_id = o.tenant_id and a.id = o.blocker_id and {_LIVE}
                                         and o.holder_id = any (a.resource_ids || a.staff_id) and o.expires_at is null
            union all
            select from slot_holds h where h.tenant_id = o.tenant_id and h.id = o.blocker_id
                                       and o.holder_id = any (h.resource_ids || h.staff_id)
                                       and o.expires_at = h.expires_at)
        """,  # noqa: S608 - as above
    ),
    Invariant(
        "a time that is held blocks whom and what it has",
        """
        select format('hold %s of tenant %s: %s', h.id, h.tenant_id, holder)
        from slot_holds h, unnest(array_remove(h.resource_ids || h.staff_id, null)) holder
        where not exists (
            select from occupancies o where o.tenant_id = h.tenant_id and o.blocker_id = h.id and o.holder_id = holder
                                        and o.starts_at = h.blocked_from and o.ends_at = h.blocked_until)
        """,
    ),
    Invariant(
        "what is offered to who waits is told until when, and what is not offered holds nothing",
        """
        select format('place %s of tenant %s: %s', w.id, w.tenant_id, w.status) from waiting_list w
        where (w.status = 'offered') <> (w.hold_id is not null)
           or (w.status = 'offered') <> (w.offered_until is not null)
           or (w.status = 'booked') <> (w.visit_id is not null)
        """,
    ),
    Invariant(
        "no two live visits of one person meet, buffers counted",
        f"""
        select format('visits %s and %s of tenant %s', a.id, b.id, a.tenant_id)
        from appointments a
        join appointments b on b.tenant_id = a.tenant_id and b.staff_id = a.staff_id and b.id > a.id
            and b.blocked_from < a.blocked_until and b.blocked_until > a.blocked_from
            and b.status in ('scheduled', 'confirmed')
        where {_LIVE}
        """,  # noqa: S608 - as above
    ),
)
