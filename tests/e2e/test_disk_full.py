import shutil
import subprocess

import pytest

from tests.e2e.command import AGAIN, RUN, asked, command, last_line, lines, states
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS = 40


def long_winded(_, body):
    return 200, {}, completion("42" + " " * 2000)


@pytest.fixture
def small_disk(tmp_path):
    """A run's folder with room for 64 kB, what to write before the command, and how to make room.

    A file system of its own where this user may mount one, else a limit on every file.
    """
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place]
    may = shutil.which("mount") and not subprocess.run(mount, capture_output=True, check=False).returncode  # fmt: skip
    if not may:
        yield place / "r", ("sh", "-c", 'ulimit -f 40; exec "$@"', "sh"), lambda: None
        return
    larger = ["mount", "-o", "remount,size=4m", place]
    yield place / "r", (), lambda: subprocess.run(larger, check=True)
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_ends_the_run_with_whole_lines_and_it_can_go_on(bench, tmp_path, small_disk):
    """The cache of replies lies on the full disk too, and gives way."""
    run, wrapped, make_room = small_disk
    written(tmp_path / "s", [item(n) for n in range(ITEMS)])
    with StubServer(long_winded) as server:
        endpoints(tmp_path, server.url)
        stopped = command(tmp_path, *RUN[:-1], run, wrapped=wrapped)
        told = last_line(stopped)
        assert told.startswith(f"{run}/answers.jsonl: ")
        assert told.endswith(f"; free some space; then: bench run --resume --out {run}")
        kept = (run / "answers.jsonl").read_bytes()
        assert 0 < len(lines(run)) < ITEMS
        make_room()
        resumed = bench("run", "--resume", "--out", run)
        assert resumed.returncode == 0, resumed.stderr
        assert len(set(asked(server))) == ITEMS
        assert len(server.requests) <= ITEMS + 8
    assert (run / "answers.jsonl").read_bytes().startswith(kept)
    assert len(states(run)) == ITEMS


def test_reports_that_cannot_be_written_make_the_run_incomplete(bench, tmp_path):
    """Every answer is there, but a folder stands where the summary belongs."""
    written(tmp_path / "s", [item(n) for n in range(3)])
    (tmp_path / "r" / "summary.json" / "in_the_way").mkdir(parents=True)
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        told = last_line(bench(*RUN))
    assert told.startswith("r/summary.json: cannot be written: Is a directory")
    assert told.endswith(f"; then: {AGAIN}")
    assert set(states(tmp_path / "r").values()) == {"answered"}
