import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.e2e.command import BENCH, RUN, command, surroundings
from tests.small_suite import endpoints, written
from tests.stub_server import StubServer, completion

SECRET = "sk-Yh3mWq8ZtR5vLx2NbKdPf7"  # no key of anyone's
SHORT = "hunter2"
EVERYBODY = ("sh", "-c", 'umask 022; exec "$@"', "sh")


def modes(folder):
    """The permissions of a folder and of everything in it."""
    return {path: path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")]}


def is_private(path, mode):
    return mode == (0o700 if path.is_dir() else 0o600)


def test_what_a_run_writes_is_for_its_owner_alone(tmp_path):
    """Its results and the cache of replies, under a umask that would let everybody read."""
    written(tmp_path / "s")
    with StubServer() as server:
        endpoints(tmp_path, server.url)
        assert command(tmp_path, *RUN[:-1], "results/r", wrapped=EVERYBODY).returncode == 0
    found = modes(tmp_path / "results")
    assert {"run.json", "answers.jsonl", "report.html", "replies.sqlite", ".cache"} <= {path.name for path in found}  # fmt: skip
    assert [path for path, mode in found.items() if not is_private(path, mode)] == []


def test_answers_made_elsewhere_are_laid_where_their_owner_alone_reads_them(tmp_path):
    written(tmp_path / "s")
    lines = [json.dumps({"item": f"i{n}", "output": "42"}) for n in range(12)]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    done = command(tmp_path, "score", "s", "--answers", "a.jsonl", "--out", "r", wrapped=EVERYBODY)
    assert done.returncode == 0, done.stderr
    found = modes(tmp_path / "r")
    assert "a.jsonl" in {path.name for path in found}
    assert [path for path, mode in found.items() if not is_private(path, mode)] == []


def test_files_of_an_older_run_keep_their_permissions_and_new_ones_beside_them_are_private(mine):
    run = mine / "r"
    run.chmod(0o755)
    for path in run.iterdir():
        path.chmod(0o640)
    (run / "report.md").unlink()
    assert command(mine, "report", "r", wrapped=EVERYBODY).returncode == 0
    assert command(mine, "rescore", "r", wrapped=EVERYBODY).returncode == 0
    found = {path.name: mode for path, mode in modes(run).items()}
    assert found.pop("report.md") == 0o600
    assert found.pop("r") == 0o755
    assert set(found.values()) == {0o640}


def test_what_is_meant_to_be_shared_is_made_as_the_umask_says(tmp_path):
    assert command(tmp_path, "init", "mine", wrapped=EVERYBODY).returncode == 0
    assert {oct(mode) for mode in modes(tmp_path / "mine").values()} == {"0o755", "0o644"}


@pytest.mark.skipif(not Path("/proc/self/limits").is_file(), reason="no /proc to read limits from")
def test_a_process_that_knows_keys_dumps_no_core(tmp_path):
    asked, seen = threading.Event(), threading.Event()

    def behave(*_):
        asked.set()
        seen.wait(20)
        return 200, {}, completion()

    written(tmp_path / "s")
    with StubServer(behave) as server:
        endpoints(tmp_path, server.url)
        process = subprocess.Popen([*BENCH, *RUN], cwd=tmp_path, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        assert asked.wait(30)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        seen.set()
        assert process.wait(30) == 0
    (line,) = [each for each in limits.splitlines() if each.startswith("Max core file size")]
    assert line.split()[4] == "0"


TELLING = """
import logging, sys, threading, warnings
from bench.cli.private import keep_private
from bench.endpoints.secrets import secret

keep_private("run")
key, short = secret("CANARY"), secret("SHORT")

def fail():
    raise KeyError(f"a thread with {key}")

warnings.warn(f"a library warns of {key}")
logging.getLogger("library").error("a library logs %s", key)
print("a line with", key, file=sys.stderr)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
raise ValueError(f"a traceback with {key} and {short}")
"""


def test_no_key_is_shown_whoever_writes_to_the_screen():
    done = subprocess.run(
        [sys.executable, "-c", TELLING], capture_output=True, text=True, check=False, env=surroundings(CANARY=SECRET, SHORT=SHORT),
    )  # fmt: skip
    assert done.returncode == 1
    for told in ("a library warns of [key]", "a library logs [key]", "a line with [key]", "a thread with [key]"):  # fmt: skip
        assert told in done.stderr
    assert done.stderr.endswith("ValueError: a traceback with [key] and [key]\n")
    assert SECRET not in done.stderr
    assert SHORT not in done.stderr
