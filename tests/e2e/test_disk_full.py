import shutil
import subprocess

import pytest

from tests.e2e.command import (
    AGAIN,
    RUN,
    asked,
    command,
    complaint,
    last_line,
    lines,
    states,
    summary,
    without_times,
)
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


@pytest.mark.parametrize(
    "name", ["scores.jsonl", "outcomes.json", "summary.json", "report.md", "report.html"]
)
def test_a_result_that_cannot_be_written_makes_the_run_incomplete_until_it_can(
    bench, tmp_path, name
):
    """Every answer is there, but a folder stands where a file belongs."""
    written(tmp_path / "s", [item(n) for n in range(3)])
    in_the_way = tmp_path / "r" / name / "in_the_way"
    in_the_way.mkdir(parents=True)
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        told = last_line(bench(*RUN))
        assert told.startswith(f"r/{name}: cannot be written: Is a directory; ")
        assert told.endswith(f"; then: {AGAIN}")
        assert set(states(tmp_path / "r").values()) == {"answered"}
        in_the_way.rmdir()
        in_the_way.parent.rmdir()
        assert bench("run", "--resume", "--out", "r").returncode == 0
        assert len(server.requests) == 3
    assert (tmp_path / "r" / name).is_file()


@pytest.fixture
def disk(tmp_path):
    """A file system of its own, and how it is remounted with other options."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", place]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:  # fmt: skip
        pytest.skip("this user may not mount a file system")

    def remounted(options):
        subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)

    yield place, remounted
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize(
    ("files", "code", "name"),
    [
        (2, 2, ".lock"),
        (3, 2, "run.json"),
        (4, 2, "answers.jsonl"),
        (5, 3, "run.json"),  # for the cache there is no room either, and it gives way
        (10, 3, "report.html"),
    ],
)
def test_a_disk_that_takes_no_more_files_ends_the_run_with_one_line_and_it_can_go_on(
    bench, tmp_path, disk, files, code, name
):
    """`files` counts folders too: the disk's own and the run's."""
    place, remounted = disk
    run = place / "r"
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        remounted(f"nr_inodes={files}")
        stopped = bench(*RUN[:-1], run)
        told = last_line(stopped, code)
        assert told.startswith(f"{run / name}: cannot be written: No space left on device; free some space")  # fmt: skip
        assert not list(run.glob(".*"))
        remounted("nr_inodes=100")
        begun = (run / "run.json").is_file()
        assert begun == (name not in (".lock", "run.json") or code == 3)
        resumed = bench("run", "--resume", "--out", run) if begun else bench(*RUN[:-1], run)
        assert resumed.returncode == 0, resumed.stderr
        assert sorted(asked(server)) == [*range(12)]
    assert set(states(run).values()) == {"answered"}


def test_a_read_only_folder_is_one_line_and_nothing_is_asked_until_it_is_writable(
    bench, tmp_path, disk
):
    """Seven of twelve answers of a finished run are lost; then its disk is made read-only, then writable."""
    place, remounted = disk
    run = place / "r"
    resume = ("run", "--resume", "--out", run, "--no-cache")
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        assert bench(*RUN[:-1], run).returncode == 0
        clean = without_times(summary(run))
        journal = run / "answers.jsonl"
        kept = b"".join(journal.read_bytes().splitlines(keepends=True)[:5])
        journal.write_bytes(kept)
        remounted("ro")
        refused = {
            (*RUN[:-1], place / "new"): "new",
            resume: "r/.lock",
            ("report", run): "r/report.html",
            ("rescore", run): "r/scores.jsonl",
        }
        for arguments, name in refused.items():
            told = complaint(bench(*arguments))
            assert told.startswith(f"{place / name}: ")
            assert "Read-only file system; " in told
        assert len(server.requests) == 12
        remounted("rw")
        assert journal.read_bytes() == kept
        assert bench(*resume).returncode == 0
        assert len(server.requests) == 12 + 7
    assert journal.read_bytes().startswith(kept)
    assert without_times(summary(run)) == clean
