"""A place where not even root may make a folder."""

from pathlib import Path

_PLACES = ("/sys", "/dev/pts")


def forbidden_folder() -> Path:
    """A folder that is not there and cannot be made: in a file system of the kernel's, or in root's."""
    for place in _PLACES:
        folder = Path(place, "frontdesk-forbidden")
        try:
            folder.mkdir()
        except PermissionError:
            return folder
        except OSError:
            continue
        folder.rmdir()
    raise LookupError(f"none of {_PLACES} is closed")
