"""Why an embedded server cannot run, in one line for people."""

import errno
from pathlib import Path

NO_SPACE = "No space left on device"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class ServerFailed(Exception):
    """The server cannot be started. The message is one clear line."""


def disk_full(folder: Path) -> ServerFailed:
    return ServerFailed(f"The disk is full: there is no room for the database in {folder}.")


def explained(error: OSError, folder: Path) -> ServerFailed:
    """What `error`, met while preparing `folder`, means for whoever has to put it right."""
    if error.errno in _FULL:
        return disk_full(folder)
    if error.errno in _FORBIDDEN:
        return ServerFailed(f"No permission to write in {folder}: {error.filename or folder} is not open to this user.")
    return ServerFailed(f"The data folder {folder} cannot be used: {error.strerror or error}.")
