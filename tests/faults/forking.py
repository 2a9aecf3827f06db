"""Runs pytest again and again in forks of one process, which has imported the libraries once.

Run as a program, it reads orders and answers each with a line of JSON. It imports nothing of a tree: a fork does, of
the tree that its order names.
"""

import importlib
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import msgspec
import pytest

_LIBRARIES = ("site-packages", "lib/python")


class Order(msgspec.Struct, frozen=True):
    """What pytest is to run, in a tree, after `seconds` of which it is ended."""

    tree: str
    arguments: list[str]
    environment: dict[str, str]
    libraries: list[str]
    seconds: int


class Answer(msgspec.Struct, frozen=True):
    """Of a run of tests: pytest's exit code, the end of what it said, and the libraries that it imported."""

    process: int
    code: int
    said: str
    libraries: list[str]


def main() -> None:
    for line in sys.stdin:
        order = msgspec.json.decode(line, type=Order)
        for name in order.libraries:
            with suppress(Exception):
                importlib.import_module(name)
        with tempfile.TemporaryDirectory(prefix="frontdesk-fork-") as folder:
            process = os.fork()
            if not process:
                _run(order, Path(folder))
            _, status = os.waitpid(process, 0)
            answer = Answer(
                process=process,
                code=os.waitstatus_to_exitcode(status),
                said=(Path(folder) / "said").read_text(errors="replace")[-1500:],
                libraries=(Path(folder) / "libraries").read_text().split() if status == 0 else [],
            )
        sys.stdout.write(f"{msgspec.json.encode(answer).decode()}\n")
        sys.stdout.flush()


def _run(order: Order, folder: Path) -> NoReturn:
    """Never returns: what the program would do at its end is not the fork's to do."""
    signal.alarm(order.seconds)
    os.chdir(order.tree)
    os.environ.update({"PYTHONPATH": f"{order.tree}/src", **order.environment})
    sys.path[:1] = [order.tree, f"{order.tree}/src"]
    for number, file in ((0, "/dev/null"), (1, folder / "said"), (2, folder / "said")):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    code = pytest.main(order.arguments)
    (folder / "libraries").write_text("\n".join(_libraries(order.tree)))
    sys.stdout.flush()
    os._exit(code)


def _libraries(tree: str) -> list[str]:
    """What has been imported that is not of the tree."""
    files = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
    return [name for name, file in files.items() if tree not in file and any(place in file for place in _LIBRARIES)]


if __name__ == "__main__":
    main()
