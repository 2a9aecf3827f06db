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
            select from occupancies o where o.tenant_id = a.tenant_id and o.visit_id = a.id and o.holder_id = holder
                                        and o.starts_at = a.blocked_from and o.ends_at = a.blocked_until)
        """,  # noqa: S608 - put together from constants
    ),
    Invariant(
        "whoever is blocked is blocked by a live visit that has them",
        f"""
        select format('holder %s of tenant %s, by visit %s', o.holder_id, o.tenant_id, o.visit_id)
        from occupancies o
        where not exists (
            select from appointments a where a.tenant_id = o.tenant_id and a.id = o.visit_id and {_LIVE}
                                         and o.holder_id = any (a.resource_ids || a.staff_id))
        """,  # noqa: S608 - as above
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
