"""Faults of jobs and exports, beside those of the rest of the code."""

from tests.faults.source_faults import Edit, SourceFault


def _fault(name: str, file: str, old: str, new: str, caught_by: str) -> SourceFault:
    return SourceFault(name, (Edit(file, old, new),), caught_by)


FAULTS = (
    _fault(
        "a run that was overtaken writes",
        "src/infra/postgres/jobs.py",
        "and fence = $2 and held_until",
        "and fence >= $2 and held_until",
        "tests/workers/test_jobs.py::test_a_run_that_was_overtaken_writes_nothing",
    ),
    _fault(
        "a run whose claim has lapsed writes",
        "src/infra/postgres/jobs.py",
        " and held_until > clock_timestamp()",
        "",
        "tests/workers/test_jobs.py::test_a_run_whose_claim_has_lapsed_writes_nothing_even_if_nobody_took_it",
    ),
    _fault(
        "a job of SAQ is tried once",
        "src/infra/queues/saq_queues.py",
        "retries=kind.tries,",
        "retries=1,",
        "tests/infra/test_saq.py::test_each_kind_says_all_that_saq_leaves_out",
    ),
    _fault(
        "everybody sees all jobs",
        "src/infra/postgres/jobs.py",
        'if row is None or not self._sees(row["requested_by"])',
        "if row is None",
        "tests/api/test_jobs.py::test_each_sees_their_own_jobs_and_admins_all",
    ),
    _fault(
        "a file goes to whoever asks",
        "src/domains/jobs/following.py",
        "if job.requested_by != self.actor.user or job.file is None",
        "if job.file is None",
        "tests/api/test_jobs.py::test_a_file_goes_to_nobody_but_who_asked_for_it",
    ),
    _fault(
        "who may export no more still fetches",
        "src/domains/jobs/following.py",
        "            self.actor.must(self.permissions[job.kind])\n",
        "",
        "tests/api/test_jobs.py::test_who_may_no_longer_export_fetches_no_export",
    ),
    _fault(
        "secrets are exported",
        "src/infra/postgres/exports.py",
        'if each.info.get("privacy") is not Privacy.SECRET',
        "",
        "tests/api/test_exports.py::test_what_is_declared_secret_is_left_out",
    ),
    _fault(
        "a process serves the schema of an earlier version",
        "src/frontdesk/migrated.py",
        "if present is None or present < needed:",
        "if present is None:",
        "tests/frontdesk/test_databases.py::test_a_database_of_an_earlier_version_is_not_served",
    ),
)
