"""A real PgBouncer in transaction mode, over few connections to a test's database."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from infra.processes import instead_of_root
from tests.frontdesk.commands import reachable_folder

_START_SECONDS = 20
_SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
{more}
"""
_KEEPS_STATEMENTS = (1, 21)
PROGRAM = "pgbouncer"


@contextmanager
def pgbouncer_to(url: str, *, size: int) -> Iterator[str]:
    """The address of its near end, with what the driver must be told."""
    parts = urlsplit(url)
    with reachable_folder() as folder, socket.create_server(("127.0.0.1", 0)) as found:
        own_port = int(found.getsockname()[1])
        found.close()
        keeps = _version() >= _KEEPS_STATEMENTS
        more = "max_prepared_statements = 200" if keeps else ""
        where = {"host": parts.hostname, "port": parts.port, "own_port": own_port, "folder": folder}
        (folder / "users").write_text(f'"{parts.username}" "{parts.password}"\n')
        (folder / "settings.ini").write_text(_SETTINGS.format(**where, size=size, more=more))
        user = instead_of_root()
        process = subprocess.Popen(
            [PROGRAM, "-q", str(folder / "settings.ini")],
            user=user.uid if user else None,
            group=user.gid if user else None,
            env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"},
        )
        try:
            _wait(own_port, process)
            near = parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{own_port}")
            yield urlunsplit(near._replace(query="" if keeps else "statement_cache_size=0"))
        finally:
            process.kill()
            process.wait()


def _version() -> tuple[int, int]:
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"(\d+)\.(\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("PgBouncer did not start")
