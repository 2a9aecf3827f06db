"""A test that hangs says where, and ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HANGING = """
import asyncio


async def never() -> None:
    await asyncio.Event().wait()


async def test_that_hangs() -> None:
    await never()
"""


def test_a_test_that_hangs_is_named_and_its_process_ended(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    (tmp_path / "test_hanging.py").write_text(HANGING)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    shortly = ["-o", "faulthandler_timeout=4", "-p", "tests.plugins.hung", "-p", "no:xdist"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), *shortly, str(tmp_path)],
        check=False, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "test_hanging.py::test_that_hangs has hung for 3 s" in ran.stderr
    assert "test_hanging.py:10 test_that_hangs > " in ran.stderr
    assert "test_hanging.py:6 never" in ran.stderr
    assert "Timeout (0:00:04)!" in ran.stderr
    assert float(pytestconfig.getini("faulthandler_timeout")) > 1
