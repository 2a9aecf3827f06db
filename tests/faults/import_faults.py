"""Faults of imports and exports of customers, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault

_IMPORTING = "src/domains/customers/importing"
_TESTS = "tests/api/test_customer_import.py"
_EXPORTING = "src/domains/customers/exporting.py"
_EXPORTED = "tests/api/test_customer_export.py"


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "whoever is signed in may import",
        f"{_IMPORTING}/beginning.py",
        "        self.actor.must(Permission.CUSTOMERS_IMPORT)\n",
        "",
        f"{_TESTS}::test_a_member_may_not_even_send",
    ),
    _fault(
        "a row has as many cells as it likes",
        "src/infra/files/sheets.py",
        "    return cells if len(cells) <= MOST_COLUMNS else [*cells[:MOST_COLUMNS], cells[-1]]\n",
        "    return cells\n",
        "tests/infra/test_sheets.py::test_a_row_of_nothing_but_separators_takes_no_room",
    ),
    _fault(
        "a file has as many empty lines as it likes",
        "src/infra/files/sheets.py",
        "            if self._line > _MOST_LINES:\n",
        "            if self._number > _MOST_LINES:\n",
        "tests/infra/test_sheets.py::test_what_is_no_table_is_refused",
    ),
    _fault(
        "a bad phone number hides what else is wrong with its row",
        f"{_IMPORTING}/reading.py",
        "                self.refuse(refusal)\n",
        "                raise\n",
        f"{_TESTS}::test_each_bad_row_is_told_with_its_line_column_and_reason_and_the_others_are_imported",
    ),
    _fault(
        "a dry run stores customers",
        f"{_IMPORTING}/matching.py",
        "        if terms.dry_run:\n            await self.reports.remember",
        "        if terms.dry_run and not board.new:\n            await self.reports.remember",
        f"{_TESTS}::test_a_dry_run_says_what_would_come_of_it_and_changes_nothing[skip]",
    ),
    _fault(
        "archived customers keep others out",
        f"{_IMPORTING}/matching.py",
        "            if not owner.is_archived:\n",
        "            if owner:\n",
        f"{_TESTS}::test_duplicates_are_skipped_with_a_word",
    ),
    _fault(
        "an export that is imported again doubles customers",
        f"{_IMPORTING}/placing.py",
        "named = self._named.get(row.of) if row.of else None",
        "named = self._named.get(row.of) if row.of in self._known else None",
        "tests/api/test_customer_import_again.py::test_an_export_that_is_imported_where_it_comes_from_doubles_nobody",
    ),
    _fault(
        "an older file brings back who was erased",
        f"{_IMPORTING}/placing.py",
        "        if named and named.is_erased:\n",
        "        if named and named.is_erased and not named.is_archived:\n",
        "tests/api/test_customer_import_again.py::test_who_was_erased_is_not_brought_back_by_an_older_file",
    ),
    _fault(
        "a file that was imported is kept",
        f"{_IMPORTING}/carrying_out.py",
        "        self.work.later(FORGET_JOB_FILE, job.id, at=now)\n",
        "",
        f"{_TESTS}::test_files_are_gone_once_they_were_imported",
    ),
    _fault(
        "a file whose import is never begun is kept",
        f"{_IMPORTING}/beginning.py",
        "                return\n        await self.uploads.delete(upload)\n",
        "                return\n",
        f"{_TESTS}::test_a_file_whose_import_was_never_begun_is_gone_after_an_hour",
    ),
    _fault(
        "what was kept of a bad file stays",
        "src/infra/files/uploads.py",
        "            await self._files.delete(upload)\n            raise\n",
        "            raise\n",
        f"{_TESTS}::test_a_file_that_turns_out_to_be_bad_leaves_nothing",
    ),
    _fault(
        "two files are taken for one",
        "src/api/uploads.py",
        "_MOST_PARTS = 1",
        "_MOST_PARTS = 2",
        f"{_TESTS}::test_what_is_no_file_of_customers_is_refused_and_leaves_nothing",
    ),
    _fault(
        "the key of a large body does not cover it",
        "src/api/idempotency.py",
        '            fingerprint.update(message.get("body", b""))\n',
        "",
        f"{_TESTS}::test_the_same_key_and_file_is_the_same_import",
    ),
    SourceFault(
        "a spreadsheet runs what it is given",
        (
            Edit(_EXPORTING, "[defused(cell) for cell in _cells(customer, shape)]", "list(_cells(customer, shape))"),
            Edit("src/api/csv_text.py", "_as_in_json(harmless(cell))", "_as_in_json(cell)"),
        ),
        f"{_EXPORTED}::test_no_cell_is_one_that_a_spreadsheet_would_run",
    ),
    _fault(
        "what begins with an apostrophe loses it on its way",
        _EXPORTING,
        "[defused(cell) for cell in _cells(customer, shape)]",
        "list(_cells(customer, shape))",
        f"{_EXPORTED}::test_an_import_makes_the_same_customers_of_an_export",
    ),
    _fault(
        "exports are noted nowhere",
        _EXPORTING,
        '            self.work.note(Note(action="customers.exported"',
        '            print(Note(action="customers.exported"',
        f"{_EXPORTED}::test_each_export_is_in_the_audit_log",
    ),
)
