"""Keeps parts running: one that ends is started again, later each time; one that cannot stay up ends all."""

import time
from collections.abc import Callable, Sequence

import msgspec

from frontdesk.parts import Part
from frontdesk.refusal import Refusal

QUICK_SECONDS = 10.0
QUICK_DEATHS = 5
FIRST_DELAY = 0.25
_TICK = 0.05
_GRACE = 20.0
_TAIL_LINES = 12


class _Watched(msgspec.Struct):
    part: Part
    started: float
    quick_deaths: int = 0
    start_again_at: float | None = None


class Supervisor:
    """Starts parts in order, and stops them in the reverse order: those named together end at the same time."""

    def __init__(self, say: Callable[[str], None], *, first_delay: float = FIRST_DELAY) -> None:
        self._say = say
        self._first_delay = first_delay
        self._stages: list[list[_Watched]] = []

    def start(self, parts: Sequence[Part]) -> None:
        """Start parts that do not wait for one another. From here on they are watched."""
        stage: list[_Watched] = []
        self._stages.append(stage)
        for part in parts:
            stage.append(_Watched(part, time.monotonic()))
            part.start()

    def watch_until(self, met: Callable[[], bool]) -> None:
        """Keep all parts running until `met`. Raise `Refusal` when one ends five times in a row within 10 seconds."""
        while not met():
            for stage in self._stages:
                for watched in stage:
                    self._look_after(watched)
            time.sleep(_TICK)

    def stop(self, *, patience: float = _GRACE) -> None:
        """Stop all parts, the last stage first. Those that take longer than `patience` seconds are killed."""
        while self._stages:
            stage = self._stages[-1]
            for watched in stage:
                watched.part.ask_to_stop()
            deadline = time.monotonic() + patience
            for watched in stage:
                watched.part.stop(patience=max(0.0, deadline - time.monotonic()))
            self._stages.pop()

    def _look_after(self, watched: _Watched) -> None:
        now = time.monotonic()
        if watched.start_again_at is None:
            if how := watched.part.ended():
                self._put_off(watched, how, now)
        elif now >= watched.start_again_at:
            watched.start_again_at = None
            watched.started = now
            watched.part.start()

    def _put_off(self, watched: _Watched, how: str, now: float) -> None:
        watched.quick_deaths = watched.quick_deaths + 1 if now - watched.started < QUICK_SECONDS else 1
        name = watched.part.name
        if watched.quick_deaths >= QUICK_DEATHS:
            raise Refusal(f"{name} ended {how}, {QUICK_DEATHS} times in a row. {end_of_log(watched.part)}")
        delay = self._first_delay * 2 ** (watched.quick_deaths - 1)
        self._say(f"{name} ended {how}: starting it again in {delay:g} s. Its log: {watched.part.log}")
        watched.start_again_at = now + delay


def end_of_log(part: Part) -> str:
    """The last lines that the part said, under a line that names its log."""
    try:
        with part.log.open("rb") as log:
            log.seek(max(0, part.log.stat().st_size - 8192))
            lines = log.read().decode(errors="replace").splitlines()[-_TAIL_LINES:]
    except OSError:
        lines = []
    return "\n".join([f"The end of {part.log}:", *(f"  {line[:300]}" for line in lines or ["(nothing)"])])
