"""Faults of the code: a text that is put in the place of another, and the test that must fail then."""

import msgspec

_BATCHES = "tests/workers/test_batches.py"
_BINDING = "tests/infra/postgres/test_binding.py"
_CONTENTION = "tests/faults/test_contention.py"
_WORK = "tests/infra/postgres/test_work.py"
_POOL = "tests/infra/postgres/test_database.py"
_MIGRATIONS = "tests/infra/postgres/test_migrations.py"
_HTTP = "tests/security/http"
_LETTERS = "tests/workers/test_letters.py"
_WEBHOOKS = "tests/api/test_webhooks.py"
_RULE = "tests/security/sql/test_catalogue.py::test_the_schema_keeps_the_rule"


class Edit(msgspec.Struct, frozen=True):
    """`old` must be in the file exactly once."""

    file: str
    old: str
    new: str


class SourceFault(msgspec.Struct, frozen=True):
    """Some edits of a copy of the tree, and the test that fails there and passes here."""

    name: str
    edits: tuple[Edit, ...]
    caught_by: str


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "the tenant is bound to the session",
        "src/infra/postgres/binding.py",
        "SET LOCAL app",
        "SET app",
        f"{_BINDING}::test_the_tenant_ends_with_its_transaction",
    ),
    _fault(
        "the tenant is not bound",
        "src/infra/postgres/binding.py",
        '"" if tenant is None else',
        '"" if tenant else',
        f"{_BINDING}::test_the_bound_tenants_rows_are_seen_and_no_others",
    ),
    _fault(
        "a BEGIN whose answer was not awaited is forgotten",
        "src/infra/postgres/binding.py",
        "        connection.terminate()\n",
        "",
        f"{_BINDING}::test_the_tenant_ends_when_the_answer_of_the_server_is_not_awaited[begin]",
    ),
    _fault(
        "a COMMIT answered by ROLLBACK counts",
        "src/infra/postgres/binding.py",
        'if answer != "COMMIT":',
        "if not answer:",
        f"{_BINDING}::test_a_commit_that_is_answered_by_a_rollback_raises",
    ),
    _fault(
        "nothing is committed",
        "src/infra/postgres/work.py",
        "await transaction.commit(Afterwards(following, self._streaming.wake if is_heard else None), self._writes)",
        "await transaction.roll_back()",
        f"{_WORK}::test_changes_events_and_envelopes_are_stored_together",
    ),
    _fault(
        "a commit that fails is passed over",
        "src/infra/postgres/work.py",
        "            error = failure\n            raise\n",
        "            error = failure\n",
        f"{_WORK}::test_a_commit_that_fails_is_never_a_success",
    ),
    _fault(
        "a commit whose connection is lost is passed over",
        "src/infra/postgres/work.py",
        "                raise meant from error\n\n    async def _ready",
        "                return\n\n    async def _ready",
        f"{_WORK}::test_a_commit_that_fails_is_never_a_success",
    ),
    _fault(
        "what was recorded outlives a refusal",
        "src/infra/postgres/work.py",
        "        self._recorded.clear()\n",
        "",
        f"{_WORK}::test_a_refusal_undoes_changes_events_and_envelopes",
    ),
    SourceFault(
        "a connection goes back inside its transaction",
        (
            Edit("src/infra/postgres/binding.py", "if connection.is_in_transaction():", "if not connection:"),
            Edit("src/infra/postgres/connections.py", " or connection.is_in_transaction()", ""),
        ),
        f"{_BINDING}::test_the_tenant_ends_with_its_transaction",
    ),
    _fault(
        "a broken connection is handed out",
        "src/infra/postgres/connections.py",
        "if not connection.is_closed():",
        "if connection:",
        f"{_POOL}::test_a_connection_that_broke_while_it_was_idle_is_replaced_unnoticed",
    ),
    _fault(
        "a tenant may take the whole pool",
        "src/infra/postgres/database.py",
        "size // 3",
        "size",
        f"{_POOL}::test_a_tenant_holds_a_third_of_the_pool",
    ),
    _fault(
        "one waits three seconds for a connection",
        "src/infra/postgres/connections.py",
        "PATIENCE = 1.0",
        "PATIENCE = 3.0",
        f"{_POOL}::test_when_all_is_taken_it_is_unavailable_within_a_second_and_recovers",
    ),
    _fault(
        "tables are not closed",
        "src/infra/postgres/schema.py",
        'f"alter table {table} enable row level security"',
        '"select 1"',
        "tests/infra/postgres/test_schema.py::test_a_new_table_is_under_every_rule",
    ),
    _fault(
        "tables are closed to all but their owner",
        "src/infra/postgres/schema.py",
        'f"alter table {table} force row level security"',
        '"select 1"',
        f"{_RULE}[row-level security is on, and forced, on every tenant table]",
    ),
    _fault(
        "functions let temporary tables come first",
        "migrations/versions/0003_directory_functions.py",
        "set search_path = pg_catalog, directory, pg_temp",
        "set search_path = directory",
        f"{_RULE}[a function with its owner's rights pins its search path]",
    ),
    SourceFault(
        "a row may name another tenant",
        (
            Edit("src/infra/postgres/schema.py", "with check ({_OF_BOUND_TENANT})", "with check (true)"),
            Edit("migrations/versions/0510_policies.py", "with check ({quoted})", "with check (true)"),
        ),
        "tests/security/sql/test_matrix.py",
    ),
    _fault(
        "a revision is not undone",
        "migrations/versions/0006_customers.py",
        'run("drop table customers")',
        'run("select 1")',
        f"{_MIGRATIONS}::test_each_is_undone_and_done_again_on_data",
    ),
    _fault(
        "migrations wait for locks for ever",
        "migrations/env.py",
        "connection.execute(text(f\"set lock_timeout = '{_LOCK_TIMEOUT}'\"))",
        "connection.execute(text('select 1'))",
        f"{_MIGRATIONS}::test_a_migration_does_not_wait_long_for_a_lock",
    ),
    _fault(
        "migrations do not wait for one another",
        "migrations/env.py",
        'connection.execute(text("select pg_advisory_lock(:key)"), {"key": _ONE_MIGRATOR})',
        "connection.execute(text('select 1'))",
        f"{_MIGRATIONS}::test_two_at_once_wait_for_one_another",
    ),
    _fault(
        "an index is not in the order of its list",
        "migrations/versions/0006_customers.py",
        "(tenant_id, created_at desc, id desc)",
        "(tenant_id, created_at desc, id)",
        "tests/infra/postgres/test_plans.py::test_a_page_is_read_from_its_index_in_order",
    ),
    _fault(
        "a model lacks what the schema has",
        "src/infra/postgres/tables/customers.py",
        '        Index("customers_by_name", "tenant_id", "sort_name", "id"),\n',
        "",
        f"{_MIGRATIONS}::test_the_models_are_the_schema",
    ),
    _fault(
        "a column does not say what it holds",
        "src/infra/postgres/tables/customers.py",
        "notes: Mapped[str | None] = mapped_column(Text, info=holds(Privacy.PERSONAL))",
        "notes: Mapped[str | None] = mapped_column(Text)",
        f"{_MIGRATIONS}::test_every_column_that_can_hold_words_says_what_it_holds",
    ),
    _fault(
        "roles serve without limits",
        "src/infra/postgres/roles.py",
        "for setting, value in _SERVING_LIMITS.items():",
        "for setting, value in dict[str, str]().items():",
        "tests/infra/postgres/test_roles.py::test_who_serves_has_limits",
    ),
    _fault(
        "others' statements are shown",
        "src/infra/postgres/roles.py",
        '        await inside.execute("revoke all on pg_stat_activity from public")\n',
        "",
        f"{_RULE}[the statements of others are hidden]",
    ),
    _fault(
        "the database is open to the public",
        "src/infra/postgres/roles.py",
        'await inside.execute("revoke all on schema public from public")',
        'await inside.execute("grant all on schema public to public")',
        "tests/security/sql/test_attacks.py::test_the_application_may_not",
    ),
    _fault(
        "a worker takes another tenant than the envelope's",
        "src/frontdesk/relaying.py",
        "tenant=envelope.tenant",
        "tenant=envelope.id",
        "tests/api/test_identity.py::test_a_business_registers_and_its_owner_logs_in",
    ),
    _fault(
        "a cursor is good for every tenant",
        "src/api/paging.py",
        "tenant=asker.tenant, user=asker.user",
        "tenant=UUID(int=0), user=UUID(int=0)",
        "tests/api/test_customers_list.py::test_a_cursor_of_somebody_else_is_refused",
    ),
    _fault(
        "everybody is an owner",
        "src/infra/postgres/sessions.py",
        'role=Role(row["role"])',
        "role=Role.OWNER",
        "tests/api/test_customers.py::test_a_member_sees_and_changes_nothing",
    ),
    SourceFault(
        "rows of all tenants are found by their ids",
        (
            Edit("src/infra/postgres/schema.py", 'f"alter table {table} enable row level security"', '"select 1"'),
            Edit("src/infra/postgres/schema.py", 'f"alter table {table} force row level security"', '"select 1"'),
        ),
        f"{_HTTP}/test_isolation.py::test_a_foreign_id_answers_as_a_random_and_a_malformed_one_do",
    ),
    _fault(
        "a row that is not there is named",
        "src/infra/postgres/customers.py",
        '_FOR_CHANGE, customer_id)\n        if row is None:\n            raise NotFound.one("customer")',
        '_FOR_CHANGE, customer_id)\n        if row is None:\n            raise NotFound.one(f"{customer_id}")',
        f"{_HTTP}/test_isolation.py::test_a_foreign_id_answers_as_a_random_and_a_malformed_one_do",
    ),
    _fault(
        "a list is open to all",
        "src/api/customers.py",
        '@get("/customers", tags=["Customers"])',
        '@get("/customers", tags=["Customers"], opt={"public": True})',
        f"{_HTTP}/test_isolation.py::test_only_the_operations_of_a_closed_list_are_open",
    ),
    _fault(
        "two workers are at one tenant",
        "src/infra/postgres/batches.py",
        'if row["is_alone"]:',
        'if row["until"]:',
        f"{_BATCHES}::test_nobody_takes_from_a_tenant_at_whom_another_is",
    ),
    _fault(
        "what failed in a batch is kept",
        "src/infra/postgres/batches.py",
        "if self.is_in_steps and not self.is_lost:",
        "if not driver:",
        f"{_BATCHES}::test_one_that_fails_after_its_first_transaction_leaves_nothing_of_that_one_either",
    ),
    _fault(
        "what should have been undone is stored with its batch",
        "src/infra/postgres/batches.py",
        "self._is_spoilt = True",
        "self._is_spoilt = False",
        f"{_BATCHES}::test_a_use_case_that_recovers_keeps_what_it_did_around_its_failure[test.forgive]",
    ),
    _fault(
        "a part of a batch may be another tenant's",
        "src/infra/postgres/batches.py",
        "if tenant != self.tenant:",
        "if not self.tenant:",
        f"{_BATCHES}::test_a_part_of_a_batch_is_of_its_tenant",
    ),
    _fault(
        "what was planned meanwhile waits for the next batch",
        "src/infra/postgres/batches.py",
        "            self.add(then.envelopes)\n",
        "",
        f"{_BATCHES}::test_who_hears_of_an_event_does_at_its_time_and_in_its_place",
    ),
    _fault(
        "what has stored something is begun anew",
        "src/infra/postgres/work.py",
        "self._has_stored = self._has_stored or self._batch is None",
        "self._has_stored = False",
        f"{_CONTENTION}::test_what_has_stored_something_is_not_begun_anew",
    ),
    _fault(
        "who gave way is not begun anew",
        "src/domains/shared/contention.py",
        "TIMES_AGAIN = 3",
        "TIMES_AGAIN = 0",
        f"{_CONTENTION}::test_two_requests_that_deadlock_both_take_effect_once",
    ),
    _fault(
        "a letter whose answer is lost counts as not sent",
        "src/infra/mail/smtp.py",
        "return Finding.CANNOT_TELL",
        "return Finding.NOT_DONE",
        f"{_LETTERS}::test_a_letter_whose_answer_is_lost_is_not_sent_again_but_raised",
    ),
    _fault(
        "a message is handed over before that is written down",
        "src/infra/mail/smtp.py",
        "            await begin()\n",
        "",
        "tests/infra/mail/test_smtp.py::test_a_message_is_not_handed_over_where_its_beginning_cannot_be_written_down",
    ),
    _fault(
        "secret words of a letter are stored",
        "src/infra/postgres/letters.py",
        "None if letter.is_secret else msgspec",
        "msgspec",
        f"{_LETTERS}::test_secret_words_are_stored_nowhere_and_such_a_letter_may_be_repeated",
    ),
    _fault(
        "an envelope's letter has a new key each time",
        "src/domains/letters/sending.py",
        'uuid5(self.errand.envelope, f"{template}\\n{to}")',
        'uuid5(self.errand.envelope, f"{self.clock.now()}")',
        f"{_LETTERS}::test_one_envelope_sends_a_letter_once_however_often_it_is_done",
    ),
    _fault(
        "names in letters are not escaped",
        "src/infra/mail/rendering.py",
        "autoescape=is_page,",
        "autoescape=False,",
        "tests/infra/mail/test_rendering.py::test_a_name_is_text_in_the_page",
    ),
    _fault(
        "a name turns the text around it",
        "src/infra/mail/rendering.py",
        '_TURNS.sub("", word)',
        "word",
        "tests/infra/mail/test_every_letter.py::test_a_name_from_right_to_left_takes_nothing_along",
    ),
    _fault(
        "a name in Hebrew takes the code along",
        "src/infra/mail/rendering.py",
        'f"{_ISOLATE}{word}{_END}" if is_turned else word',
        "word",
        "tests/infra/mail/test_every_letter.py::test_a_name_from_right_to_left_takes_nothing_along",
    ),
    _fault(
        "owners of a deleted business are written to as if it had had no language",
        "src/infra/postgres/ending.py",
        'language_of(row["preferred_language"], row["locale"])',
        'language_of(row["preferred_language"])',
        "tests/api/test_languages_of_letters.py::test_owners_are_told_of_the_end_in_their_own_language",
    ),
    _fault(
        "an old signature is good",
        "src/infra/webhooks/signature.py",
        "TOLERANCE_SECONDS = 300",
        "TOLERANCE_SECONDS = 10**12",
        f"{_WEBHOOKS}::test_what_is_not_proven_leaves_nothing",
    ),
    _fault(
        "a signature need not be of this body",
        "src/infra/webhooks/signature.py",
        'stamp.encode() + b"." + body',
        'stamp.encode() + b"."',
        f"{_WEBHOOKS}::test_what_is_not_proven_leaves_nothing",
    ),
    _fault(
        "a delivery that was applied is applied again",
        "src/domains/inbox/applying.py",
        "if delivery is None or delivery.state is DeliveryState.APPLIED:",
        "if delivery is None:",
        f"{_WEBHOOKS}::test_two_envelopes_of_one_delivery_have_one_effect",
    ),
    _fault(
        "a tenant may take another's route away",
        "migrations/versions/0131_routes.py",
        " and r.tenant_id = {BOUND_TENANT};",
        ";",
        f"{_WEBHOOKS}::test_a_key_leads_to_one_tenant_who_alone_may_take_it_away",
    ),
)
