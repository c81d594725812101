import contextlib
import json
import random
import signal
import subprocess
import threading
from collections import Counter
from functools import partial

import pytest

from tests.e2e.command import (
    AGAIN,
    BENCH,
    RUN,
    command,
    lines,
    number,
    summary,
    surroundings,
    together,
    without_times,
)
from tests.small_suite import endpoints, item, written
from tests.stub_server import StubServer, completion

ITEMS, CONCURRENCY, KILLS = 60, 8, 5
TRIALS = 2 * ITEMS
RESUME = ("run", "--resume", "--out", "r")
WAYS = {
    "kill": [signal.SIGKILL],
    "term": [signal.SIGTERM],
    "interrupt": [signal.SIGINT],
    "interrupt twice": [signal.SIGINT, signal.SIGINT],
}


def after_a_moment(_, body):
    """Five to twenty milliseconds, by the item; every seventh answer is wrong."""
    asked = number(body)
    threading.Event().wait(0.005 + asked % 4 * 0.005)
    return 200, {}, completion("41" if asked % 7 == 3 else "42")


def trial(body):
    """Candidate and item of a request: the one that is shown examples sends more messages."""
    return "stub/few_shot" if len(body["messages"]) > 2 else "stub", f"i{number(body)}"


def prepared(folder, server):
    written(folder / "s", [item(n) for n in range(ITEMS)])
    endpoints(folder, server.url, limits={"concurrency": CONCURRENCY})
    return (*RUN, "--candidates", "stub,stub/few_shot", "--quiet")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    with StubServer(after_a_moment) as server:
        done = command(folder, *prepared(folder, server))
        assert done.returncode == 0, done.stderr
        assert len(server.requests) == TRIALS
    return timeless(summary(folder / "r"))


def whole_lines(run):
    """The bytes of the journal up to its last line end."""
    path = run / "answers.jsonl"
    told = path.read_bytes() if path.is_file() else b""
    return told[: told.rfind(b"\n") + 1]


def ended(folder, arguments, more_lines, signals):
    """Run until that many more lines stand in the journal, send the signals; what stood there, and the process' end."""
    run = folder / "r"
    enough = whole_lines(run).count(b"\n") + more_lines
    process = subprocess.Popen([*BENCH, *arguments], cwd=folder, env=surroundings(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
    while process.poll() is None and whole_lines(run).count(b"\n") < enough:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.005)
    acknowledged = whole_lines(run)
    for each in signals:
        process.send_signal(each)
    _, told = process.communicate(timeout=60)
    return acknowledged, process.returncode, told


def timeless(told):
    """A summary without times, those of comparisons included."""
    told = without_times(told)
    for ladders in told["across"]["ladders"].values():
        for step in (step for ladder in ladders for step in ladder["steps"]):
            del step["latency_p50_s"]
    return told


def answered(run):
    """The trials whose answers stand in the journal."""
    told = map(json.loads, whole_lines(run).splitlines())
    return {(each["candidate"], each["item"]) for each in told}


def disturbed(folder, seed):
    """One run that is ended KILLS times, from before its first answer to its reports, and then left alone.

    Its folder, how often each trial was asked, and in how many ends each was in flight.
    """
    draw = random.Random(seed)
    run = folder / "r"
    was_in_flight = Counter()
    with StubServer(after_a_moment) as server:
        arguments = prepared(folder, server)
        for _ in range(KILLS):
            way = draw.choice([*WAYS])
            left = TRIALS - whole_lines(run).count(b"\n")
            more = draw.randint(way != "kill", max(1, left // 2))
            asked_before = len(server.requests)
            acknowledged, code, told = ended(folder, arguments, min(more, left), WAYS[way])
            assert whole_lines(run).startswith(acknowledged)
            assert "Traceback" not in told
            if way != "kill" and code != 0:
                assert code == 130, told
                assert told.splitlines()[-1].endswith(f"go on with: {AGAIN}")
            asked = {trial(body) for body in server.requests[asked_before:]}
            assert len(asked - answered(run)) <= CONCURRENCY
            was_in_flight.update(asked - answered(run))
            arguments = (*RESUME, "--quiet") if (run / "run.json").is_file() else arguments
        resumed = command(folder, *arguments)
        assert resumed.returncode == 0, resumed.stderr
        return run, Counter(trial(body) for body in server.requests), was_in_flight


def test_whatever_ends_a_run_and_whenever_no_answer_is_lost_none_is_there_twice_and_none_asked_in_vain(
    tmp_path, undisturbed
):
    """Four runs, each ended five times."""
    folders = [tmp_path / str(seed) for seed in range(4)]
    for run, times_asked, was_in_flight in together(
        *[partial(disturbed, folder, folder.name) for folder in folders]
    ):
        assert all(times_asked[each] <= 1 + was_in_flight[each] for each in times_asked)
        assert len(lines(run)) == len(answered(run)) == len(times_asked) == TRIALS
        assert timeless(summary(run)) == undisturbed
        names = {path.name for path in run.iterdir()}
        assert names == {"run.json", "answers.jsonl", "scores.jsonl", "outcomes.json", "summary.json", "report.md", "report.html"}  # fmt: skip
