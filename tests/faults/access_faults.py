"""Faults of sessions, keys and what processes remember of them, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_FEED = "tests/infra/postgres/test_access_feed.py"
_KEYS = "tests/api/test_api_keys.py"
_SESSIONS = "tests/api/test_sessions.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a memory of sessions that is told nothing is believed",
        "src/infra/remembered_sessions.py",
        "is_told = now - self._told < STALE_SECONDS",
        "is_told = self._told > 0",
        "tests/infra/test_remembered_sessions.py::test_a_memory_that_is_told_too_late_is_not_asked",
    ),
    _fault(
        "a session that was read before its end is remembered after it",
        "src/infra/remembered_sessions.py",
        "if is_told and generation == self._generation:",
        "if is_told:",
        "tests/infra/test_remembered_sessions.py::test_what_was_read_while_a_change_came_in_is_not_remembered",
    ),
    _fault(
        "changes of access are read by number",
        "migrations/versions/0141_access_changes.py",
        "c.made_in >= pg_snapshot_xmin(seen::pg_snapshot)",
        "c.made_in >= pg_snapshot_xmax(seen::pg_snapshot)",
        f"{_FEED}::test_one_that_commits_after_a_later_one_is_not_missed",
    ),
    _fault(
        "an ended session is told to nobody",
        "migrations/versions/0141_access_changes.py",
        "when (old.expires_at > now())",
        "when (old.expires_at < now())",
        f"{_FEED}::test_a_change_of_access_is_told",
    ),
    _fault(
        "a used refresh token is only refused",
        "migrations/versions/0140_refresh.py",
        "outcome := 'reused';\n                delete from sessions s where s.id = session;",
        "outcome := 'reused';",
        f"{_SESSIONS}::test_a_used_token_kills_its_family",
    ),
    _fault(
        "refreshes do not wait for one another",
        "migrations/versions/0140_refresh.py",
        "where r.digest = given) for update;",
        "where r.digest = given);",
        f"{_SESSIONS}::test_fifty_refreshes_at_once_give_one_pair_and_log_nobody_out",
    ),
    _fault(
        "a used refresh token is good for ever",
        "migrations/versions/0140_refresh.py",
        "elsif token.used_at > moment - grace and exists (",
        "elsif exists (",
        f"{_SESSIONS}::test_an_answer_that_was_lost_can_be_asked_for_again_for_ten_seconds",
    ),
    _fault(
        "anybody ends a session",
        "migrations/versions/0140_refresh.py",
        "where s.id = which and s.account_id = whose returning",
        "where s.id = which returning",
        f"{_SESSIONS}::test_a_session_is_ended_by_its_person_and_nobody_else",
    ),
    _fault(
        "a header of a token is believed whatever it holds",
        "src/infra/tokens.py",
        'if secret is None or header != {"alg": _ALGORITHM, "typ": _TYPE, "kid": name}:',
        "if secret is None:",
        "tests/infra/test_tokens.py::test_a_header_that_we_never_give_out_is_refused",
    ),
    _fault(
        "a key may all that its maker may",
        "src/domains/shared/actor.py",
        "(self.scopes is None or permission in self.scopes - PERSONAL)",
        "(self.scopes is None or bool(self.scopes - PERSONAL))",
        f"{_KEYS}::test_a_key_does_what_its_scopes_say_and_no_more",
    ),
    _fault(
        "a key may what only people may",
        "src/domains/shared/actor.py",
        "permission in self.scopes - PERSONAL",
        "permission in self.scopes",
        f"{_KEYS}::test_no_key_touches_what_guards_accounts",
    ),
    _fault(
        "a key has more than its maker",
        "src/domains/api_keys/keys.py",
        "if beyond:",
        "if len(beyond) > 9:",
        "tests/domains/api_keys/test_keys.py::test_a_scope_that_its_maker_lacks_is_forbidden",
    ),
    _fault(
        "switching does not wait for the end of all sessions",
        "migrations/versions/0190_outlived.py",
        "perform from accounts a where a.id = (select s.account_id from sessions s where s.id = present)\n"
        "            for no key update;",
        "",
        "tests/api/test_sessions_raced.py::test_switching_while_all_sessions_end_opens_none",
    ),
    _fault(
        "switching pushes all other sessions out",
        "migrations/versions/0190_outlived.py",
        "(terms->>'most')::integer / 2 - 1",
        "(terms->>'most')::integer",
        "tests/api/test_sessions_raced.py::test_whoever_switches_over_and_over_pushes_nobody_out",
    ),
)
