import errno
import os
import resource
import subprocess
import sys

import pytest

from bench.errors import RunFolderError
from bench.files.whole_file import remove_left_behind, unwritable, write_whole


@pytest.fixture
def plain_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path):
    return path.stat().st_mode & 0o777


def test_a_file_appears_whole_and_alone(tmp_path):
    write_whole(tmp_path / "a", b"one")
    write_whole(tmp_path / "a", b"two")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"two"


def test_whoever_has_the_old_file_open_reads_the_old_one(tmp_path):
    write_whole(tmp_path / "a", b"old and longer")
    with (tmp_path / "a").open("rb") as file:
        write_whole(tmp_path / "a", b"new")
        assert file.read() == b"old and longer"


def test_a_new_file_has_the_permissions_of_the_umask_and_an_old_one_keeps_its_own(
    tmp_path, plain_umask
):
    write_whole(tmp_path / "open", b"")
    os.umask(0o077)
    write_whole(tmp_path / "private", b"")
    write_whole(tmp_path / "open", b"again")
    assert (mode(tmp_path / "private"), mode(tmp_path / "open")) == (0o600, 0o644)


def test_a_file_that_does_not_fit_leaves_the_old_one_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a"
    write_whole(path, b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(RunFolderError, match=r"a: cannot be written: .*; free some space"):
            write_whole(path, b"x" * 500)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="links cannot be told from files")
def test_a_link_that_waits_beside_the_place_leads_nowhere(tmp_path):
    """A stranger's repository may hold one for every process number."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not ours")
    (tmp_path / f".a.json.{os.getpid()}.new").symlink_to(elsewhere)
    with pytest.raises(RunFolderError, match=r"a\.json: cannot be written"):
        write_whole(tmp_path / "a.json", b"ours")
    assert elsewhere.read_bytes() == b"not ours"
    write_whole(tmp_path / "a.json", b"ours")
    assert (tmp_path / "a.json").read_bytes() == b"ours"


def test_a_folder_in_the_way_is_one_line_that_says_so(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    with pytest.raises(RunFolderError, match="Is a directory; move the folder that stands there"):
        write_whole(tmp_path / "a", b"")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("number", "to_do"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EDQUOT, "free some space"),
        (errno.EROFS, "make the folder writable"),
        (errno.EIO, "see to the disk"),
    ],
)
def test_a_line_says_what_to_do_about_what_the_disk_said(tmp_path, number, to_do):
    error = OSError(number, os.strerror(number))
    told = unwritable(tmp_path, error)
    assert told == f"{tmp_path}: cannot be written: {os.strerror(number)}; {to_do}"


def test_only_what_the_dead_left_behind_is_removed(tmp_path):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = [f".a.{ended.pid}.new", f".a.{os.getpid()}.new", "a.1.new", ".a.x.new", "run.json"]
    for name in names:
        (tmp_path / name).touch()
    remove_left_behind(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted(names[1:])
