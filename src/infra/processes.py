"""Children that never outlive their parent, and never run as root where they must not."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec

PARENT_ENDED = signal.SIGUSR1
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class SystemUser(msgspec.Struct, frozen=True):
    """An account of the machine that a child runs as."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def instead_of_root() -> SystemUser | None:
    """Whom a server that refuses root runs as: `postgres`, else `nobody`. None where we are not root anyway."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known.get("nobody")
    return SystemUser(entry.pw_name, entry.pw_uid, entry.pw_gid) if entry else SystemUser("nobody", 65534, 65534)


def start_child(  # noqa: PLR0913 - each is named, as Popen's are
    command: Sequence[str | Path],
    *,
    when_orphaned: signal.Signals,
    user: SystemUser | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    given: IO[bytes] | int = subprocess.DEVNULL,
    output: IO[bytes] | int = subprocess.DEVNULL,
    errors: IO[bytes] | int = subprocess.STDOUT,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own, so that Ctrl-C reaches it through its parent only.

    The kernel sends it `when_orphaned` as soon as the thread that called this has ended, however it ended.
    """
    return subprocess.Popen(  # noqa: S603 - the callers name the program
        command,
        stdin=given,
        stdout=output,
        stderr=errors,
        env=env,
        cwd=cwd,
        user=user.uid if user else None,
        group=user.gid if user else None,
        extra_groups=[] if user else None,
        start_new_session=True,
        preexec_fn=_tie_to(os.getpid(), when_orphaned),  # noqa: PLW1509 - after setuid, as setuid clears the tie
    )


def end_with_parent(parent: int) -> None:
    """Have the kernel send this process `PARENT_ENDED` when its parent ends; if `parent` is gone already, at once.

    It is sent too when only the parent's thread that started this process ends: then `os.getppid()` is still `parent`.
    """
    _set_death_signal(PARENT_ENDED)
    if os.getppid() != parent:
        os.kill(os.getpid(), PARENT_ENDED)


def _tie_to(parent: int, when_orphaned: signal.Signals) -> Callable[[], None]:
    def tie() -> None:
        _set_death_signal(when_orphaned)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _set_death_signal(wanted: signal.Signals) -> None:
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, int(wanted), 0, 0, 0)
