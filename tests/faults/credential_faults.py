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
        "src/domains/invitations/inviting.py",
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
    _fault(
        "a second factor is taken away with the password alone",
        "src/domains/identity/second_factor_proofs.py",
        "            if asks_for_code:\n                await self.second.passed(actor.account, code)",
        "            if code == '':\n                await self.second.passed(actor.account, code)",
        "tests/api/test_two_factor.py::test_it_is_changed_with_the_password_and_a_code",
    ),
    _fault(
        "a second factor is put on from a session left open",
        "src/domains/credentials/two_factor.py",
        "email = await self.proof.passed_lately(self.actor, password=order.password)",
        "email = await self.proof.address(self.actor)",
        "tests/api/test_two_factor.py::test_it_is_asked_for_with_the_password",
    ),
    _fault(
        "sessions outlive a change of the second factor",
        "src/infra/postgres/second_factors.py",
        "await self._work.connection.execute(_END_OTHERS, account, session)",
        "await self._work.connection.execute(_END_OTHERS, session, account)",
        "tests/api/test_two_factor.py::test_changing_it_ends_the_other_sessions",
    ),
    _fault(
        "a login under way slips past a new second factor",
        "migrations/versions/0222_second_factor_at_the_door.py",
        "run(_open(_LOOKS_AGAIN))",
        'run(_open(""))',
        "tests/api/test_two_factor.py::test_a_login_that_was_under_way_opens_nothing_beside_it",
    ),
    _fault(
        "keys outlive a reset of the password",
        "migrations/versions/0220_ended_keys.py",
        "delete from api_keys k where k.account_id = account",
        "delete from api_keys k where k.account_id is null",
        "tests/api/test_api_keys.py::test_keys_end_with_a_password_that_is_reset",
    ),
    _fault(
        "a key is made in a session that ends",
        "migrations/versions/0220_ended_keys.py",
        "for key share",
        "",
        "tests/api/test_api_keys.py::test_no_key_is_made_in_a_session_that_ends_meanwhile",
    ),
    _fault(
        "a change of address outlives a reset of the password",
        "migrations/versions/0220_ended_keys.py",
        "delete from email_changes c where c.account_id = account",
        "delete from email_changes c where c.account_id is null",
        "tests/api/test_change_email.py::test_a_reset_of_the_password_stops_it",
    ),
    _fault(
        "a key is told of its maker's other tenants",
        "src/domains/identity/whoami.py",
        "if self.actor.scopes is None:",
        "if self.actor.user:",
        "tests/api/test_api_keys.py::test_a_key_is_told_of_its_own_tenant_and_nothing_of_the_account",
    ),
    _fault(
        "the clock goes back by what was measured anew",
        "src/infra/postgres/clock.py",
        "if not instant < self._latest < instant + _MEASURED_WITHIN:",
        "if instant:",
        "tests/infra/postgres/test_clock.py::test_it_does_not_go_back_by_what_was_measured_anew",
    ),
    _fault(
        "each machine goes by its own clock",
        "src/infra/postgres/clock.py",
        "return datetime.now(UTC) + self._difference",
        "return datetime.now(UTC)",
        "tests/infra/postgres/test_clock.py::test_it_is_the_database_s_time_whatever_this_machine_says",
    ),
    _fault(
        "an address is changed without the second factor",
        "src/domains/credentials/changing_email.py",
        "self.proof.passed_wholly(self.actor, password=order.password, code=order.code)",
        "self.proof.passed(self.actor, password=order.password)",
        "tests/api/test_two_factor.py::test_what_takes_an_account_over_or_away_asks_for_it[change_email]",
    ),
    _fault(
        "an account goes without the second factor",
        "src/domains/users/leaving.py",
        "self.proof.passed_wholly(self.actor, password=password, code=code)",
        "self.proof.passed(self.actor, password=password)",
        "tests/api/test_two_factor.py::test_what_takes_an_account_over_or_away_asks_for_it[leave]",
    ),
)
