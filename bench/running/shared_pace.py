"""The pace of an account, shared by every process of this user on this machine.

What is free next stands in a file of 24 bytes an account, in a folder that only the user may enter. Its times are of
CLOCK_MONOTONIC, which all processes share since the machine started and which no change of the date moves. The file's
name is a keyed hash: neither who is asked nor with which key can be read from it.
"""

import asyncio
import contextlib
import functools
import hashlib
import math
import os
import secrets
import stat
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.running.pace import Free, Shared, Told, Unshared

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]  # said so below where it would be used

_STATE = struct.Struct("<3d")
"""When it was written, and from when on requests and tokens are free."""
_PATIENCE_S = 5.0
"""The lock is held for microseconds; who holds it this long has been stopped in the middle."""
_LONGEST_AHEAD_S = 86_400.0
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_SALT_BYTES = 32


class InFile:
    """A `Free` in a file. Where the file can no longer be used, this process goes on alone; `trouble` says why."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path = path
        self._clock = clock
        self._alone = Unshared()
        self.trouble: str | None = None
        self._file = _opened(path)

    async def change(self, edit: Callable[[Free], tuple[Free, Told]]) -> Told:
        """Under the file's lock, which is waited for without holding up the event loop."""
        if self.trouble is None:
            try:
                await self._lock()
                try:
                    self._alone.free, told = edit(self._read())
                    self._write(self._alone.free)
                    return told
                finally:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
            except OSError as error:
                self.trouble = f"{self._path.parent}: {error.strerror or error}"
        return await self._alone.change(edit)

    async def _lock(self) -> None:
        if not os.fstat(self._file).st_nlink:  # somebody tidied the folder up
            os.close(self._file)
            self._file = _opened(self._path)
        until = self._clock() + _PATIENCE_S
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if self._clock() > until:
                    raise OSError(0, "another process holds on to it") from None
                await asyncio.sleep(0.001)
            else:
                return

    def _read(self) -> Free:
        """What the last one left; nothing is taken where that cannot be of this clock."""
        raw = os.pread(self._file, _STATE.size, 0)
        if len(raw) < _STATE.size:
            return Free()
        written_s, requests_s, tokens_s = _STATE.unpack(raw)
        now = self._clock()
        if not written_s <= now:  # the machine has started anew
            return Free()
        return Free(_sane(requests_s, now), _sane(tokens_s, now))

    def _write(self, free: Free) -> None:
        os.pwrite(self._file, _STATE.pack(self._clock(), free.requests_s, free.tokens_s), 0)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def _sane(at_s: float, now: float) -> float:
    return -math.inf if math.isnan(at_s) or at_s > now + _LONGEST_AHEAD_S else at_s


@functools.cache
def shared_pace(account: str) -> tuple[Shared, str | None]:
    """What an account's endpoints share, once for all of this process, and why no other process does, if none does."""
    if fcntl is None:
        return Unshared(), "this system has no file locks"
    trouble = ""
    for folder in _folders():
        try:
            _make_private(folder)
            return InFile(folder / f"pace-{_name(account, _salt(folder))}"), None
        except OSError as error:
            trouble = f"{folder}: {error.strerror or error}"
    return Unshared(), trouble


def _folders() -> list[Path]:
    own = Path(tempfile.gettempdir()) / f"bench-{os.getuid()}"
    session = os.environ.get("XDG_RUNTIME_DIR")
    return [Path(session) / "bench", own] if session else [own]


def _make_private(folder: Path) -> None:
    """Make the folder, or raise OSError where it is somebody else's or others may enter it."""
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise OSError(0, "is not this user's folder")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise OSError(0, "is open to others")


def _salt(folder: Path) -> bytes:
    """Thirty-two random bytes, made whole by whoever comes first."""
    path = folder / "salt"
    if not path.exists():
        fresh = folder / f"salt-{secrets.token_hex(8)}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(handle, secrets.token_bytes(_SALT_BYTES))
            with contextlib.suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            os.close(handle)
            fresh.unlink()
    salt = path.read_bytes()
    if len(salt) != _SALT_BYTES:
        raise OSError(0, "its salt is damaged; remove the folder")
    return salt


def _name(account: str, salt: bytes) -> str:
    """A keyed hash (BLAKE2b, RFC 7693) of the account and of this start of the machine."""
    try:
        boot = _BOOT_ID.read_bytes().strip()
    except OSError:  # only Linux tells; elsewhere a file of an earlier start shows by its time
        boot = b""
    return hashlib.blake2b(boot + b"\0" + account.encode(), key=salt, digest_size=16).hexdigest()


def _opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
