"""The supervisor: what ends is started again, what cannot stay up ends all, and the order of stopping."""

from pathlib import Path

import pytest

from frontdesk.refusal import Refusal
from frontdesk.supervisor import QUICK_DEATHS, Supervisor


class Actor:
    """A part that ends when told, and writes down what happens to it."""

    def __init__(self, name: str, diary: list[str], log: Path, *, deaths: int = 0) -> None:
        self.name = name
        self.log = log
        self._diary = diary
        self._deaths = deaths

    def start(self) -> None:
        self._diary.append(f"start {self.name}")

    def ended(self) -> str | None:
        if not self._deaths:
            return None
        self._deaths -= 1
        return "with code 3"

    def ask_to_stop(self) -> None:
        self._diary.append(f"ask {self.name}")

    def stop(self, *, patience: float) -> None:
        self._diary.append(f"stop {self.name}")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "part.log"


def test_a_part_that_ends_is_started_again(log: Path) -> None:
    diary: list[str] = []
    said: list[str] = []
    supervisor = Supervisor(said.append, first_delay=0.001)
    supervisor.start([Actor("api", diary, log, deaths=QUICK_DEATHS - 1)])
    supervisor.watch_until(lambda: len(diary) == QUICK_DEATHS)
    assert diary == ["start api"] * QUICK_DEATHS
    assert len(said) == QUICK_DEATHS - 1
    assert said[0].startswith("api ended with code 3: starting it again in 0.001 s.")
    assert said[2].startswith("api ended with code 3: starting it again in 0.004 s.")


def test_a_part_that_cannot_stay_up_ends_all(log: Path) -> None:
    log.write_text("".join(f"line {number}\n" for number in range(40)))
    supervisor = Supervisor(lambda line: None, first_delay=0.001)
    supervisor.start([Actor("api", [], log, deaths=QUICK_DEATHS)])
    with pytest.raises(Refusal) as refused:
        supervisor.watch_until(lambda: False)
    first, *tail = str(refused.value).splitlines()
    assert first == f"api ended with code 3, 5 times in a row. The end of {log}:"
    assert [line.strip() for line in tail] == [f"line {number}" for number in range(28, 40)]


def test_parts_stop_in_the_reverse_order_those_of_a_stage_together(log: Path) -> None:
    diary: list[str] = []
    supervisor = Supervisor(lambda line: None)
    supervisor.start([Actor("postgres", diary, log)])
    supervisor.start([Actor("api", diary, log), Actor("worker", diary, log)])
    diary.clear()
    supervisor.stop()
    assert diary == ["ask api", "ask worker", "stop api", "stop worker", "ask postgres", "stop postgres"]
    supervisor.stop()
    assert len(diary) == 6
