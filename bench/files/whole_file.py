"""Files that are replaced whole: whoever reads sees the old one or the new one, also after a power cut."""

import contextlib
import errno
import os
import re
import stat
from pathlib import Path

from bench.errors import RunFolderError

_TO_DO = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space",
    errno.EFBIG: "free some space",
    errno.EROFS: "make the folder writable",
    errno.EACCES: "make the folder writable",
    errno.EPERM: "make the folder writable",
    errno.EISDIR: "move the folder that stands there",
}
_NO_FOLDERS = (errno.EINVAL, errno.EACCES, errno.ENOTSUP)
"""What file systems say that cannot, or need not, be told to write a folder's entries."""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A link that waits where we write beside the place leads elsewhere; Windows has no such flag."""
_LEFT_BEHIND = re.compile(r"\..+\.(\d+)\.new")


def unwritable(path: Path, error: OSError) -> str:
    """Where, what and what to do, in one line, when a file cannot be written."""
    to_do = _TO_DO.get(error.errno or 0, "see to the disk")
    return f"{path}: cannot be written: {error.strerror or error}; {to_do}"


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the place, force it onto the disk, then move it there.

    A file that is replaced keeps its permissions; a new one has those of the process' umask. Raises
    RunFolderError, the file that was there untouched and nothing left beside it.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        _write(fresh, content, path)
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise RunFolderError(unwritable(path, error)) from None
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)


def _write(fresh: Path, content: bytes, like: Path) -> None:
    handle = os.open(
        fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_LINK, 0o666
    )  # less the umask
    with os.fdopen(handle, "wb") as file:
        with contextlib.suppress(FileNotFoundError):
            os.fchmod(handle, stat.S_IMODE(like.stat().st_mode))
        file.write(content)
        file.flush()
        os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Force a folder's entries onto the disk: files that were made, moved or removed in it. Raises OSError."""
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FOLDERS:
            raise
    finally:
        os.close(handle)


def remove_left_behind(folder: Path) -> None:
    """Remove what a process left in a folder that was killed while it wrote a file beside its place."""
    for path in folder.iterdir():
        found = _LEFT_BEHIND.fullmatch(path.name)
        if found and not _is_running(int(found[1])):
            with contextlib.suppress(OSError):
                path.unlink()


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
