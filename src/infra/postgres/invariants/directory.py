"""The directory and the tenants' own rows: who belongs where, and as what."""

from infra.postgres.invariants.rule import Invariant

INVARIANTS = (
    Invariant(
        "a tenant is in the directory, has its own record, and both have one slug",
        """
        select format('tenant %s: %s / %s', coalesce(d.id, t.tenant_id), coalesce(d.slug, 'none'),
                      coalesce(t.slug, 'none'))
        from directory.tenants d full join tenants t on t.tenant_id = d.id
        where d.slug is distinct from t.slug
        """,
    ),
    Invariant(
        "a tenant has an owner who is not suspended",
        """
        select format('tenant %s (%s)', t.id, t.slug) from directory.tenants t
        where not exists (select from directory.memberships m
                          where m.tenant_id = t.id and m.role = 'owner' and m.suspended_at is null)
        """,
    ),
    Invariant(
        "a membership has its user, and a user's account its membership",
        """
        select format('account %s in tenant %s', coalesce(m.account_id, u.account_id),
                      coalesce(m.tenant_id, u.tenant_id))
        from directory.memberships m
        full join users u on u.tenant_id = m.tenant_id and u.id = m.user_id and u.account_id = m.account_id
        where m.user_id is null and u.erased_at is null or u.id is null
        """,
    ),
    Invariant(
        "a user has the role of the membership",
        """
        select format('user %s of tenant %s: %s, as a member %s', u.id, u.tenant_id, u.role, m.role)
        from directory.memberships m join users u on u.tenant_id = m.tenant_id and u.id = m.user_id
        where u.role <> m.role
        """,
    ),
    Invariant(
        "a tenant that is still to be founded is not there yet",
        """
        select format('registration %s: tenant %s', r.id, r.tenant_id) from directory.registrations r
        where exists (select from directory.tenants t where t.id = r.tenant_id)
        """,
    ),
    Invariant(
        "an address is written as it is compared",
        """
        select 'account ' || id from directory.accounts where email <> lower(btrim(email))
        union all select 'registration ' || id from directory.registrations where email <> lower(btrim(email))
        """,
    ),
)
