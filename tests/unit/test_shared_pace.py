import asyncio
import os
import stat
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bench.running.pace import LATE_S, WINDOW_S, Free, Unshared
from bench.running.shared_pace import InFile, shared_pace

KEY = "sk-canary-4f1e0b7a"
ACCOUNTS = iter(range(10**6))


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Folders of a user without a session: the temporary one alone."""
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path / f"bench-{os.getuid()}"


def account():
    """One that nobody in this process has asked for yet."""
    return f"https://api.test:{next(ACCOUNTS)}\0{KEY}"


def take(free):
    return Free(free.requests_s + 1, free.tokens_s), free


def took(shared, start=7.0):
    """Change what is shared, twice; what was there first and second."""

    async def go():
        await shared.change(lambda _: (Free(start, start), None))
        return [await shared.change(take), await shared.change(take)]

    return asyncio.run(go())


def test_what_one_leaves_another_finds(tmp_path):
    path = tmp_path / "pace"
    assert [each.requests_s for each in took(InFile(path))] == [7.0, 8.0]
    found = asyncio.run(InFile(path).change(take))
    assert (found.requests_s, found.tokens_s) == (9.0, 7.0)


def test_folder_and_files_are_the_users_alone_and_tell_neither_address_nor_key(home):
    shared, trouble = shared_pace(account())
    took(shared)
    assert trouble is None
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    files = sorted(home.iterdir())
    assert [each.name.partition("-")[0] for each in files] == ["pace", "salt"]
    assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    told = b"".join(each.name.encode() + each.read_bytes() for each in files)
    assert KEY.encode() not in told
    assert b"api.test" not in told


def test_the_same_account_under_another_salt_has_another_name(home):
    name = account()
    shared_pace(name)
    (home / "salt").write_bytes(bytes(32))
    first = {each.name for each in home.glob("pace-*")}
    shared_pace.cache_clear()
    shared_pace(name)
    assert len({each.name for each in home.glob("pace-*")} - first) == 1


def test_a_session_has_a_folder_of_its_own_and_one_that_is_gone_is_passed_over(
    home, tmp_path, monkeypatch
):
    (tmp_path / "session").mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "session"))
    shared_pace(account())
    assert (tmp_path / "session" / "bench" / "salt").is_file()
    assert not home.exists()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "gone"))
    assert shared_pace(account())[1] is None
    assert (home / "salt").is_file()


def opened_to_others(home):
    home.mkdir(mode=0o700)
    home.chmod(0o755)
    return "is open to others"


def elsewhere(home):
    (home.parent / "mine").mkdir(mode=0o700)
    home.symlink_to(home.parent / "mine")
    return "is not this user's folder"


def a_file(home):
    home.write_text("")
    return "is not this user's folder"


def damaged(home):
    home.mkdir(mode=0o700)
    (home / "salt").write_bytes(b"short")
    return "its salt is damaged; remove the folder"


@pytest.mark.parametrize("spoilt", [opened_to_others, elsewhere, a_file, damaged])
def test_a_folder_that_cannot_be_trusted_is_not_used_and_the_trouble_is_told(home, spoilt):
    told = spoilt(home)
    shared, trouble = shared_pace(account())
    assert isinstance(shared, Unshared)
    assert trouble == f"{home}: {told}"
    assert not list(home.parent.rglob("pace-*"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"short",
        struct.pack("<3d", time.monotonic() + 3600, 5e9, 5e9),  # of before the machine started anew
        struct.pack("<3d", 0.0, 5e9, 5e9),
        struct.pack("<3d", 0.0, float("nan"), float("nan")),
        struct.pack("<3d", float("nan"), 1.0, 1.0),
    ],
    ids=["empty", "short", "an earlier start", "far ahead", "no number", "no time"],
)
def test_what_nobody_can_have_left_lets_pass_at_once(tmp_path, raw):
    path = tmp_path / "pace"
    path.write_bytes(raw)
    found = asyncio.run(InFile(path).change(take))
    assert found.requests_s <= time.monotonic()
    assert found.tokens_s <= time.monotonic()


def test_a_file_that_was_tidied_away_is_made_anew_for_all(tmp_path):
    path = tmp_path / "pace"
    one = InFile(path)
    took(one)
    path.unlink()
    asyncio.run(one.change(take))
    assert path.is_file()
    assert one.trouble is None


def test_one_who_was_stopped_with_the_lock_in_hand_holds_nobody_up_for_ever(tmp_path):
    import fcntl

    path, times = tmp_path / "pace", iter(range(0, 1000, 3))
    shared = InFile(path, lambda: float(next(times)))
    took(shared)
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        found = asyncio.run(shared.change(take))
    assert found.requests_s == 9.0  # what this process knew last
    assert shared.trouble == f"{tmp_path}: another process holds on to it"


WORKER = """
import asyncio, sys, time
from bench.running.pace import Pace
from bench.running.shared_pace import shared_pace

async def one(pace, out):
    while time.monotonic() < end:
        await pace.admit(1)
        out.write(f"{time.monotonic()}\\n")

async def all_(out):
    shared, trouble = shared_pace(sys.argv[1])
    assert trouble is None, trouble
    pace = Pace(6000, None, shared)
    await asyncio.gather(*(one(pace, out) for _ in range(8)))

end = float(sys.argv[3])
with open(sys.argv[2], "w") as out:
    asyncio.run(all_(out))
"""


def test_three_processes_together_keep_the_pace_of_one_account(tmp_path):
    """6,000 a minute are one every 10.08 ms, of which each process has its share."""
    environment = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    files = [tmp_path / f"passed-{n}" for n in range(3)]
    end = time.monotonic() + 4
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, f"three {KEY}", str(path), str(end)],
            env=environment,
            cwd=Path(__file__).parent.parent.parent,
        )
        for path in files
    ]
    assert [process.wait(timeout=30) for process in started] == [0, 0, 0]
    each = [[float(line) for line in path.read_text().split()] for path in files]
    passed = sorted(at for times in each for at in times)
    together = [at for at in passed if at >= max(times[0] for times in each)]
    assert len(together) > 60  # they did run at the same time
    assert min(len(times) for times in each) > 20
    least_s = 49 * WINDOW_S / 6000 - LATE_S
    assert all(last - first >= least_s for first, last in zip(passed, passed[49:], strict=False))
