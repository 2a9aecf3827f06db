"""The programs that dump and restore: found, or missed in one line; the password is given where nobody reads it."""

import subprocess
from pathlib import Path

import pytest

from infra.postgres.programs import ProgramFailed, find, running

URL = "postgresql://admin:hush%21@127.0.0.1:5/desk?sslmode=disable"


def imitation(folder: Path, script: str) -> Path:
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_one_that_is_new_enough_is_found() -> None:
    assert find("pg_dump", at_least=15).name == "pg_dump"
    assert find("pg_restore", at_least=15).name == "pg_restore"


def test_one_that_is_too_old_is_passed_over(tmp_path: Path) -> None:
    old = imitation(tmp_path, "echo 'pg_dump (PostgreSQL) 14.9'")
    with pytest.raises(ProgramFailed, match=f"No pg_dump of PostgreSQL 15 .* found only {tmp_path} .version 14."):
        find("pg_dump", at_least=15, places=[tmp_path])
    old.unlink()
    with pytest.raises(ProgramFailed, match="does not run"):
        find("pg_dump", at_least=15, places=[tmp_path])


def test_the_password_is_not_on_the_command_line(tmp_path: Path) -> None:
    program = imitation(tmp_path, 'echo "$@ $PGPASSWORD"')
    with running(program, ["--verbose"], URL, output=subprocess.PIPE) as child:
        assert child.stdout
        said = child.stdout.read().decode().split()
    assert said == [
        "--verbose",
        "--no-password",
        "--dbname=postgresql://admin@127.0.0.1:5/desk?sslmode=disable",
        "hush!",
    ]


def test_what_it_complains_of_is_told_in_one_line(tmp_path: Path) -> None:
    program = imitation(tmp_path, "echo 'pg_dump: warning: x' >&2; echo 'pg_dump: error: no' >&2; exit 1")
    with pytest.raises(ProgramFailed, match=r"^pg_dump: error: no$"), running(program, [], URL):
        pass
    program = imitation(tmp_path, "kill -9 $$")
    with pytest.raises(ProgramFailed, match="without saying why"), running(program, [], URL):
        pass
