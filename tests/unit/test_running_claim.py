import contextlib
import errno
import fcntl
import json
import os
import re
import socket
import subprocess
import sys

import pytest

from bench.errors import RunFolderError
from bench.running.claim import NAME, Owner, claimed

HOLDING = """
import sys
from pathlib import Path
from bench.running.claim import claimed
with claimed(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


@contextlib.contextmanager
def held(folder):
    """Another process that holds a folder until it is killed."""
    process = subprocess.Popen([sys.executable, "-c", HOLDING, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdout.readline() == b"\n"
    yield process
    process.kill()
    process.communicate()


def owner(**more):
    told = {"pid": os.getpid(), "host": socket.gethostname(), "user": "u", "since": "2026-01-01"}
    return Owner.model_validate(told | more)


def test_who_comes_second_is_told_who_holds_the_folder_and_since_when(tmp_path):
    with held(tmp_path) as process, pytest.raises(RunFolderError) as caught, claimed(tmp_path):
        pass
    who = rf"process {process.pid} of \S+ on {re.escape(socket.gethostname())}, since \d{{4}}-\S+"
    assert re.fullmatch(
        rf"{re.escape(str(tmp_path))}: held by {who}; wait until it has ended", str(caught.value)
    )


def test_an_owner_who_was_killed_holds_nobody_up(tmp_path):
    with held(tmp_path) as process:
        process.kill()
        process.wait()
        assert json.loads((tmp_path / NAME).read_text())["pid"] == process.pid
        with claimed(tmp_path):
            assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


def test_a_claim_leaves_nothing_behind_and_can_be_made_again(tmp_path):
    for _ in range(2):
        with contextlib.suppress(KeyError), claimed(tmp_path):
            assert [each.name for each in tmp_path.iterdir()] == [NAME]
            raise KeyError
        assert not list(tmp_path.iterdir())


def test_a_lock_that_holds_no_owner_is_no_obstacle(tmp_path):
    (tmp_path / NAME).write_bytes(b"\0" * 3000)
    with claimed(tmp_path):
        assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


def test_where_files_cannot_be_locked_the_process_that_signed_holds_as_long_as_it_lives(
    tmp_path, monkeypatch
):
    def no_locks(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    with held(tmp_path) as process:
        advice = f"held by process {process.pid} .*, or if it was killed: rm {tmp_path / NAME}"
        with pytest.raises(RunFolderError, match=advice), claimed(tmp_path):
            pass
        process.kill()
        process.wait()
        with claimed(tmp_path):
            assert json.loads((tmp_path / NAME).read_text())["pid"] == os.getpid()


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    with (
        pytest.raises(RunFolderError, match="cannot be written: No such file"),
        claimed(tmp_path / "gone"),
    ):
        pass


def test_a_process_is_known_to_be_dead_by_its_number_or_by_another_one_with_it():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert owner(pid=ended.pid).is_dead()
    assert owner(began="1").is_dead()  # this process began later
    assert not owner().is_dead()
    assert not owner(pid=ended.pid, host="another").is_dead()
