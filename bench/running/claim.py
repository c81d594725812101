"""One process at a time writes a run, and whoever comes second is told which one does."""

import contextlib
import getpass
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from bench.errors import RunFolderError
from bench.files.whole_file import unwritable
from bench.types import Record

NAME = ".lock"


class Owner(Record):
    """The process that holds a run's folder. `began` tells it from a later one of the same number, None if unknown."""

    pid: int
    host: str
    user: str
    since: str
    began: str | None = None

    def __str__(self) -> str:
        return f"process {self.pid} of {self.user} on {self.host}, since {self.since}"

    def is_dead(self) -> bool:
        """Whether the process has surely ended; never said of another machine's."""
        if self.host != socket.gethostname():
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except OSError:
            pass
        return self.began is not None and _began(self.pid) not in (None, self.began)


def _began(pid: int) -> str | None:
    """When a process began, in the kernel's clock ticks since the machine started (proc_pid_stat(5), field 22)."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return told.rpartition(")")[2].split()[19]


def _us() -> Owner:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    since = datetime.now(UTC).isoformat(timespec="seconds")
    return Owner(pid=os.getpid(), host=socket.gethostname(), user=user, since=since, began=_began(os.getpid()))  # fmt: skip


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a run's folder, until the process ends at the latest.

    Raises RunFolderError while another process holds it: two that continue one run would ask and
    record its trials twice. The file that names the owner goes with the claim; what an owner left behind who was
    killed holds nobody up.
    """
    if os.name == "nt":  # Windows has no flock
        yield
        return
    path = folder / NAME
    try:
        handle = _held(path)
    except OSError as error:
        raise RunFolderError(unwritable(path, error)) from None
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _held(path: Path) -> int:
    """An open handle of the signed and locked file that stands at `path`. Raises OSError."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle, path)
            if _stands_at(path, handle):
                _sign(handle)
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # its owner removed it after we opened it


def _lock(handle: int, path: Path) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise _taken(path, _owner(handle)) from None
    except OSError:  # a file system without locks: who signed holds it as long as he lives
        owner = _owner(handle)
        if owner is not None and not owner.is_dead():
            raise _taken(path, owner, f", or if it was killed: rm {path}") from None


def _stands_at(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _taken(path: Path, owner: Owner | None, otherwise: str = "") -> RunFolderError:
    who = str(owner) if owner is not None else "another process"
    return RunFolderError(f"{path.parent}: held by {who}; wait until it has ended{otherwise}")


def _sign(handle: int) -> None:
    os.ftruncate(handle, 0)
    os.pwrite(handle, _us().model_dump_json().encode() + b"\n", 0)


def _owner(handle: int) -> Owner | None:
    """Who signed; None when that cannot be read (yet)."""
    try:
        return Owner.model_validate_json(os.pread(handle, 4096, 0))
    except ValidationError:
        return None
