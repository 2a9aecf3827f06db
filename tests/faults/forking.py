"""Runs pytest again and again in forks of one process, which has imported the libraries once.

Run as a program, it reads orders and answers each with a line of JSON. It imports nothing of a tree: a fork does, of
the tree that its order names.
"""

import importlib
import json
import os
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import pytest

_LIBRARIES = ("site-packages", "lib/python")


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        for name in order["libraries"]:
            with suppress(Exception):
                importlib.import_module(name)
        with tempfile.TemporaryDirectory(prefix="frontdesk-fork-") as folder:
            process = os.fork()
            if not process:
                _run(order, Path(folder))
            _, status = os.waitpid(process, 0)
            answer = {
                "process": process,
                "code": os.waitstatus_to_exitcode(status),
                "said": (Path(folder) / "said").read_text(errors="replace")[-1500:],
                "libraries": (Path(folder) / "libraries").read_text().split() if status == 0 else [],
            }
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _run(order: dict[str, object], folder: Path) -> NoReturn:
    """Never returns: what the program would do at its end is not the fork's to do."""
    signal.alarm(int(str(order["seconds"])))
    tree = str(order["tree"])
    os.chdir(tree)
    os.environ.update({"PYTHONPATH": f"{tree}/src", **dict(order["environment"])})  # type: ignore[call-overload]  # JSON
    sys.path[:1] = [tree, f"{tree}/src"]
    for number, file in ((0, "/dev/null"), (1, folder / "said"), (2, folder / "said")):
        os.dup2(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    code = pytest.main(list(order["arguments"]))  # type: ignore[call-overload]  # JSON
    (folder / "libraries").write_text("\n".join(_libraries(tree)))
    sys.stdout.flush()
    os._exit(code)


def _libraries(tree: str) -> list[str]:
    """What has been imported that is not of the tree."""
    files = {name: getattr(module, "__file__", None) or "" for name, module in list(sys.modules.items())}
    return [name for name, file in files.items() if tree not in file and any(place in file for place in _LIBRARIES)]


if __name__ == "__main__":
    main()
