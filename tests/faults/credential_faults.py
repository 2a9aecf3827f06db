"""Faults of passwords, second factors, invitations and joining, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a code by time is good twice",
        "migrations/versions/0181_second_factors.py",
        "and f.last_step < step",
        "and f.last_step <= step",
        "tests/api/test_two_factor.py::test_a_code_is_good_once",
    ),
    _fault(
        "the second factor is not asked for",
        "src/domains/identity/second_factor_proofs.py",
        "if known.account is None:",
        "if known.account is not None:",
        "tests/api/test_two_factor.py::test_a_login_says_what_it_lacks_with_the_right_password_only",
    ),
    _fault(
        "a stranger's registration is opened by its code alone",
        "src/domains/identity/registration_proof.py",
        "if claim.has_rivals and password is None:",
        "if claim is password:",
        "tests/api/test_preempted_registrations.py::test_a_strangers_registration_is_not_opened_by_the_owner_of_the_address",
    ),
    _fault(
        "every tenant admits everybody",
        "migrations/versions/0182_joining.py",
        "where p.policy = 'open' or",
        "where true or p.policy = 'open' or",
        "tests/api/test_joining.py::test_the_policy_decides_who_may_join",
    ),
    _fault(
        "an admin makes owners",
        "src/domains/identity/inviting.py",
        "if _FROM_THE_TOP.index(role) < _FROM_THE_TOP.index(self.actor.role):",
        "if self.actor.role not in _FROM_THE_TOP:",
        "tests/api/test_invitations.py::test_nobody_gives_a_role_above_their_own",
    ),
    _fault(
        "one of two addresses is enough",
        "migrations/versions/0184_email_changes.py",
        "change.old_agrees and change.new_agrees",
        "change.old_agrees or change.new_agrees",
        "tests/api/test_change_email.py::test_both_addresses_confirm_in_any_order",
    ),
    _fault(
        "common passwords are taken",
        "src/domains/identity/passwords.py",
        "if not broken and is_common(",
        "if broken and is_common(",
        "tests/api/test_passwords.py::test_a_weak_password_is_refused_wherever_one_is_chosen",
    ),
    _fault(
        "an invitation outlives its maker's rights",
        "migrations/versions/0190_outlived.py",
        "_accept(_STILL_GIVEN))",
        '_accept(""))',
        "tests/api/test_invitations.py::test_an_invitation_is_worth_what_its_maker_may_still_give",
    ),
    _fault(
        "invitations are mailed without end",
        "src/infra/postgres/attempts.py",
        'LimitName.CODE_MAIL, _COUNT, "invitation_mail"',
        'LimitName.MESSAGE, _COUNT, "invitation_mail"',
        "tests/security/http/test_guessing.py::test_five_invitations_an_hour_to_one_address_whoever_sends_them",
    ),
)
