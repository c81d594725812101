import shutil
import subprocess

import pytest

from tests.e2e.command import AGAIN, RUN, asked, command, last_line, lines, states
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS = 40


def long_winded(_, body):
    return 200, {}, completion("42" + " " * 2000)


def continued(bench, server, folder, stopped):
    """What must hold of a run whose journal could not be written any further, and of going on."""
    told = last_line(stopped)
    assert "r/answers.jsonl: " in told
    assert "free some space" in told
    assert AGAIN in told
    kept = (folder / "r" / "answers.jsonl").read_bytes()
    assert kept.endswith(b"\n")
    assert 0 < len(lines(folder / "r")) < ITEMS
    return kept


def test_a_full_disk_ends_the_run_with_whole_lines_and_it_can_go_on(bench, tmp_path):
    """A file of the run may not pass 20 kB, as on a disk that is full."""
    written(tmp_path / "s", [item(n) for n in range(ITEMS)])
    with StubServer(long_winded) as server:
        endpoints(tmp_path, server.url)
        limited = ("sh", "-c", 'ulimit -f 40; exec "$@"', "sh")
        stopped = command(tmp_path, *RUN, "--no-cache", wrapped=limited)
        kept = continued(bench, server, tmp_path, stopped)
        resumed = bench("run", "--resume", "--out", "r", "--no-cache")
        assert resumed.returncode == 0, resumed.stderr
        assert len(server.requests) <= ITEMS + 8
    assert (tmp_path / "r" / "answers.jsonl").read_bytes().startswith(kept)
    assert len(states(tmp_path / "r")) == ITEMS


@pytest.fixture
def small_disk(tmp_path):
    """A folder on a file system of 64 kB, where this user may mount one."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("no mount here")
    told = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], capture_output=True, check=False
    )
    if told.returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_file_system_without_room_is_the_same(bench, tmp_path, small_disk):
    """The cache lies on the full disk too, and gives way."""
    written(tmp_path / "s", [item(n) for n in range(ITEMS)])
    run = small_disk / "r"
    with StubServer(long_winded) as server:
        endpoints(tmp_path, server.url)
        stopped = bench("run", "s", "--endpoints", "endpoints.yaml", "--out", run)
        told = last_line(stopped)
        assert "answers.jsonl: No space left on device; free some space" in told
        assert f"bench run --resume --out {run}" in told
        kept = len(lines(run))
        assert 0 < kept < ITEMS
        subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)
        resumed = bench("run", "--resume", "--out", run)
        assert resumed.returncode == 0, resumed.stderr
        assert len(set(asked(server))) == ITEMS
    assert len(states(run)) == ITEMS


def test_reports_that_cannot_be_written_make_the_run_incomplete(bench, tmp_path):
    """Every answer is there, but a folder stands where the summary belongs."""
    written(tmp_path / "s", [item(n) for n in range(3)])
    (tmp_path / "r" / "summary.json" / "in_the_way").mkdir(parents=True)
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        stopped = bench(*RUN)
        assert "r/summary.json" in last_line(stopped)
        assert AGAIN in last_line(stopped)
        shutil.rmtree(tmp_path / "r" / "summary.json")
        assert bench("run", "--resume", "--out", "r").returncode == 0
        assert len(server.requests) == 3
