"""Faults of users: what they show, who may manage them, and their end, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "two owners may demote each other",
        "migrations/versions/0172_members.py",
        "            order by m.user_id for no key update;",
        "            order by m.user_id;",
        "tests/api/test_users_administration.py::test_of_two_owners_who_demote_each_other_one_stays",
    ),
    _fault(
        "an admin may touch an owner",
        "src/domains/users/model.py",
        "if _HIGHEST_FIRST.index(self.role) < _HIGHEST_FIRST.index(role):",
        "if self.role is role and self.role is not role:",
        "tests/api/test_users_administration.py::test_an_admin_touches_no_owner_and_nobody_themselves",
    ),
    _fault(
        "a hidden field is shown",
        "src/domains/users/views.py",
        "if user.field_visibility.hides(name, viewer)",
        "if user.field_visibility.hides(name, viewer) and not viewer",
        "tests/api/test_users_directory.py::test_a_hidden_field_is_neither_shown_nor_searched",
    ),
    _fault(
        "a hidden field is searched",
        "src/domains/users/visibility.py",
        "Role.STAFF: Circle.STAFF, Role.MEMBER: Circle.EVERYONE",
        "Role.STAFF: Circle.STAFF, Role.MEMBER: Circle.ADMINS",
        "tests/api/test_users_directory.py::test_a_hidden_field_is_neither_shown_nor_searched",
    ),
    _fault(
        "a search finds people of all tenants",
        "migrations/versions/0171_user_search.py",
        "where u.tenant_id = tenant and u.erased_at is null and (administering",
        "where u.erased_at is null and (administering",
        "tests/infra/postgres/test_user_search.py::test_the_functions_give_ids_of_the_bound_tenant_only",
    ),
    _fault(
        "a person's telephone number outlives the person",
        "src/infra/postgres/tables/users.py",
        "phone: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))",
        "phone: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.NONE))",
        "tests/api/test_users_leaving.py::test_nothing_of_a_person_is_left",
    ),
    SourceFault(
        "a suspended person's sessions go on",
        (
            Edit(
                "migrations/versions/0172_members.py",
                "update memberships m set suspended_at = at where",
                "update memberships m set suspended_at = null where",
            ),
            Edit(
                "migrations/versions/0172_members.py",
                "where deed = 'suspend' and s.tenant_id",
                "where deed = 'remove' and s.tenant_id",
            ),
        ),
        "tests/api/test_users_administration.py::test_the_suspended_are_out_until_they_are_activated",
    ),
)
