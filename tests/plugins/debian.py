"""Tests that need a Debian package: left out where it is missing, and named at the end of the run.

With `CI=true` nothing may be left out: a skipped test, for whatever reason, fails the run.
"""

import os
import shutil
from types import MappingProxyType

import pytest

PROGRAMS_OF = MappingProxyType(
    {
        "apertium": ("apertium",),
        "chromium": ("chromium", "chromium-browser", "google-chrome"),
        "curl": ("curl",),
        "faketime": ("faketime",),
        "ffmpeg": ("ffmpeg",),
        "pgbouncer": ("pgbouncer",),
        "prometheus": ("promtool",),
        "redis": ("redis-server", "valkey-server"),
    }
)
PACKAGE_OF = MappingProxyType(
    {
        "apertium": "apertium",
        "chromium": "chromium",
        "curl": "curl",
        "faketime": "faketime",
        "ffmpeg": "ffmpeg",
        "pgbouncer": "pgbouncer",
        "prometheus": "prometheus",
        "redis": "redis-server",
    }
)


def missing(marker: str) -> bool:
    """Whether none of the programs that `marker` stands for is on the PATH."""
    return not any(shutil.which(program) for program in PROGRAMS_OF[marker])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = {marker for marker in PROGRAMS_OF if missing(marker)}
    for item in items:
        for marker in absent & {mark.name for mark in item.iter_markers()}:
            item.add_marker(pytest.mark.skip(reason=f"the Debian package {PACKAGE_OF[marker]} is missing"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = skipped(terminalreporter)
    if left_out:
        terminalreporter.section("left out" + (": not allowed in CI" if in_ci() else ""))
    for report in left_out:
        terminalreporter.line(f"{report.nodeid}: {_reason(report)}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and in_ci() and skipped(reporter) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"true", "1"}


def skipped(reporter: pytest.TerminalReporter) -> list[pytest.TestReport]:
    """Tests and whole modules that did not run. An expected failure ran."""
    return [report for report in reporter.stats.get("skipped", []) if not hasattr(report, "wasxfail")]


def _reason(report: pytest.TestReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
