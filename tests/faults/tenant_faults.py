"""Faults of tenants: their secrets, their closing and their plans, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a locked secret opens in any row",
        "src/infra/vault.py",
        'return b"\\x00".join((place.owner.bytes, place.column.encode(), place.row.encode()))',
        'return b"anywhere" if place else b""',
        "tests/api/test_integrations.py::test_a_stolen_ciphertext_opens_for_nobody_else",
    ),
    _fault(
        "secrets rest in the clear",
        "src/infra/vault.py",
        "return head + self._ciphers[newest].encrypt(nonce, secret, _bound_to(place))",
        "return head + secret",
        "tests/infra/test_vault.py::test_what_is_locked_opens_and_does_not_show",
    ),
    _fault(
        "an inner mail server may be called",
        "src/infra/inner_networks.py",
        "if not inner_allowed and not all(",
        "if inner_allowed and not all(",
        "tests/infra/test_inner_networks.py::test_no_spelling_of_an_inner_address_is_called_unless_it_is_allowed",
    ),
    _fault(
        "the next version of the API is open to everybody",
        "src/domains/tenants/features.py",
        "            await self.features.must_be_on(Feature.API_V2)",
        "            await self.features.is_on(Feature.API_V2)",
        "tests/api/test_features.py::test_the_next_version_is_for_whoever_has_its_feature",
    ),
    _fault(
        "the audit log shows secrets",
        "src/infra/postgres/tables/integrations.py",
        "secrets: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.SECRET))",
        "secrets: Mapped[bytes] = mapped_column(LargeBinary, info=holds(Privacy.NONE))",
        "tests/api/test_integrations.py::test_a_secret_is_in_no_answer_event_or_log",
    ),
    SourceFault(
        "a tenant is deleted before its time",
        (
            Edit(
                "migrations/versions/0162_closing_tenants.py",
                "t.deletes_at <= now() + c.ahead",
                "t.deletes_at is not null",
            ),
            Edit(
                "migrations/versions/0206_ends_of_tenants.py",
                "t.deletes_at <= now() + c.ahead",
                "t.deletes_at is not null",
            ),
        ),
        "tests/api/test_closing.py::test_nothing_goes_before_its_time_nor_after_it_was_restored",
    ),
    _fault(
        "envelopes outlive their tenant",
        "migrations/versions/0162_closing_tenants.py",
        '_OWNERS_TOO = ("event_log", "work.envelopes", ',
        '_OWNERS_TOO = ("event_log", ',
        "tests/api/test_closing.py::test_in_the_end_all_of_its_rows_go_and_no_others",
    ),
    _fault(
        "a closed tenant lets everybody in",
        "migrations/versions/0162_closing_tenants.py",
        "and m.role <> 'owner' and m.suspended_at is null",
        "and m.role = 'nobody' and m.suspended_at is null",
        "tests/api/test_closing.py::test_a_closed_business_is_its_owners_alone",
    ),
    _fault(
        "a slug that was given up is anybody's",
        "migrations/versions/0160_tenant_profiles.py",
        "and r.freed_by <> new.id and r.until > now()",
        "and r.freed_by <> new.id and r.until < now()",
        "tests/api/test_tenants.py::test_a_slug_is_changed_everywhere_and_the_old_one_kept_free",
    ),
    _fault(
        "a plan widens every limit",
        "src/domains/shared/plans.py",
        "times = CALLS_OF[plan] if name is LimitName.CALLER else 1",
        "times = CALLS_OF[plan]",
        "tests/api/test_plans.py::test_what_costs_is_the_same_for_all",
    ),
    _fault(
        "a password follows to another mail server",
        "src/domains/tenants/providers.py",
        'whereto = frozenset({"host", "port", "security"})',
        "whereto = frozenset[str]()",
        "tests/api/test_integrations.py::test_a_secret_does_not_follow_to_another_server",
    ),
    _fault(
        "many at once pass a quota",
        "migrations/versions/0205_quotas.py",
        "perform pg_advisory_xact_lock(lock);",
        "perform 1;",
        "tests/api/test_usage.py::test_many_at_once_leave_exactly_the_quota",
    ),
    _fault(
        "what leaves goes on counting",
        "migrations/versions/0205_quotas.py",
        '("", "new_rows"), ("-", "old_rows")',
        '("", "new_rows"), ("0 * ", "old_rows")',
        "tests/api/test_usage.py::test_what_comes_and_goes_is_counted",
    ),
    _fault(
        "a full tenant lets people join",
        "src/infra/postgres/members.py",
        "await self._quotas.must_hold(Quota.USERS)",
        "pass",
        "tests/api/test_usage.py::test_a_full_tenant_takes_nobody_in",
    ),
    _fault(
        "limits of its own wait for the next login",
        "migrations/versions/0205_quotas.py",
        '_announce(f"{_ACCESS_BEFORE} or old.limits is distinct from new.limits")',
        "_announce(_ACCESS_BEFORE)",
        "tests/infra/postgres/test_access_feed.py::test_a_change_of_access_is_told",
    ),
    _fault(
        "files of exports rest in the clear",
        "src/infra/files/sealed.py",
        "locked = vault.lock(content[at : at + _PIECE], _place_of(place, at // _PIECE, is_last=is_last))",
        "locked = content[at : at + _PIECE]",
        "tests/infra/test_sealed.py::test_nothing_of_it_shows",
    ),
    _fault(
        "a part of a file is taken for the whole",
        "src/infra/files/sealed.py",
        "if held or not is_last:",
        "if held:",
        "tests/infra/test_sealed.py::test_a_part_is_not_taken_for_the_whole",
    ),
    _fault(
        "a suspended tenant's sessions come alive again",
        "migrations/versions/0206_ends_of_tenants.py",
        "delete from sessions s where s.tenant_id = new.id;",
        "perform 1;",
        "tests/api/live/test_suspension.py::test_within_a_second_all_that_was_held_is_worth_nothing",
    ),
    _fault(
        "the owners of a deleted tenant are forgotten with its rows",
        "migrations/versions/0206_ends_of_tenants.py",
        "set farewell = coalesce(t.farewell, found)",
        "set farewell = found",
        "tests/api/test_closing.py::test_its_owners_are_told_whatever_dies_on_the_way",
    ),
    _fault(
        "a full business invites",
        "src/infra/postgres/usage.py",
        "used + more > most",
        "used > most",
        "tests/api/test_usage.py::test_a_full_tenant_invites_nobody",
    ),
    _fault(
        "files that are sent are refused to nobody",
        "src/domains/customers/importing/beginning.py",
        "            await self.quotas.must_hold(Quota.STORAGE_BYTES, added=found.size)\n",
        "",
        "tests/api/test_usage.py::test_files_count_and_are_refused_where_they_do_not_fit",
    ),
    _fault(
        "calls that could not be stored are forgotten",
        "src/infra/call_counting.py",
        "self._take_back(tenant, quarters)\n                _log",
        "_log",
        "tests/infra/test_call_counting.py::test_what_cannot_be_stored_is_stored_later_and_holds_up_no_other",
    ),
    _fault(
        "nobody is told of a suspension by the operator",
        "src/infra/postgres/tenant_lines.py",
        "        self._work.changes_access()\n        await self._work.connection.execute(_SUSPEND",
        "        await self._work.connection.execute(_SUSPEND",
        "tests/frontdesk/test_operators.py::test_those_who_serve_are_told_at_once[words0]",
    ),
    _fault(
        "a log that cannot be written fails its request",
        "src/frontdesk/logs.py",
        "        with suppress(OSError):\n            self._stream.write(text)\n",
        "        self._stream.write(text)\n",
        "tests/frontdesk/test_logs.py::test_a_full_disk_loses_lines_and_nothing_else",
    ),
)
