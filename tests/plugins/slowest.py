"""Names the files that a long run spent most of its time in, so that none grows unseen."""

from collections import Counter
from collections.abc import Iterable

import pytest

_NAMED = 10
_LONG_SECONDS = 60.0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    spent = by_file(report for several in terminalreporter.stats.values() for report in several)
    if spent.total() < _LONG_SECONDS:
        return
    terminalreporter.section("slowest files")
    for file, seconds in spent.most_common(_NAMED):
        terminalreporter.line(f"{seconds:6.1f} s  {100 * seconds / spent.total():4.1f} %  {file}")


def by_file(reports: Iterable[object]) -> Counter[str]:
    """Seconds of the tests of each file, what was set up for them included."""
    spent: Counter[str] = Counter()
    for report in reports:
        if isinstance(report, pytest.TestReport):
            spent[report.nodeid.partition("::")[0]] += report.duration  # type: ignore[assignment]  # a Counter of seconds
    return spent
