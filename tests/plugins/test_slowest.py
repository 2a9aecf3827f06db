"""The slowest files are named after a long run, and only then."""

import pytest

from tests.plugins.slowest import by_file, pytest_terminal_summary


class Reporter:
    """Keeps what is said."""

    def __init__(self, *durations: tuple[str, float]) -> None:
        self.said: list[str] = []
        self.stats = {"passed": [report(*each) for each in durations], "warnings": ["not a report"]}

    def section(self, title: str) -> None:
        self.said.append(title)

    def line(self, text: str) -> None:
        self.said.append(text)


def report(test: str, seconds: float) -> pytest.TestReport:
    return pytest.TestReport(test, ("", 0, ""), {}, "passed", None, "call", duration=seconds)


def said_of(*durations: tuple[str, float]) -> list[str]:
    reporter = Reporter(*durations)
    pytest_terminal_summary(reporter)  # type: ignore[arg-type]  # as much of one as is used
    return reporter.said


def test_a_file_is_as_slow_as_its_tests_together() -> None:
    durations = [("tests/a.py::test_a", 1.0), ("tests/b.py::test_b", 2.5), ("tests/a.py::test_c", 2.0)]
    assert by_file(report(*each) for each in durations) == {"tests/a.py": 3.0, "tests/b.py": 2.5}


def test_after_a_long_run_the_slowest_come_first() -> None:
    said = said_of(*((f"tests/{at}.py::test_a", at) for at in range(20)))
    assert said[0] == "slowest files"
    assert said[1].endswith("tests/19.py")
    assert len(said) == 11


def test_after_a_short_run_nothing_is_said() -> None:
    assert said_of(("tests/a.py::test_a", 59.0)) == []
