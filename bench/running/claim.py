"""One process at a time writes a run."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from bench.errors import RunFolderError


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Hold a run's folder, until the process ends at the latest.

    Raises RunFolderError while another process holds it: two that continue one run would ask and
    record its trials twice.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunFolderError(
                f"{folder}: another process is at this run; wait until it has ended"
            ) from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(handle)
